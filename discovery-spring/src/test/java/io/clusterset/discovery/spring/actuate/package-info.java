/** Tests of what an operator sees, over real sockets. */
@NullMarked
package io.clusterset.discovery.spring.actuate;

import org.jspecify.annotations.NullMarked;
