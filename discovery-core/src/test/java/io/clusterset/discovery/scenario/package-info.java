/** Stories across packages: the whole pipeline, in virtual time or over real sockets. */
@NullMarked
package io.clusterset.discovery.scenario;

import org.jspecify.annotations.NullMarked;
