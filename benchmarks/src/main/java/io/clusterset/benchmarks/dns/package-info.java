/** One DNS query and what comes before and after it: bare sockets, our transport, the peers' resolvers. */
@NullMarked
package io.clusterset.benchmarks.dns;

import org.jspecify.annotations.NullMarked;
