/** The adapter over real sockets. */
@NullMarked
package io.clusterset.discovery.okhttp;

import org.jspecify.annotations.NullMarked;
