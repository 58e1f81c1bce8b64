/** The door to OkHttp: a {@code Dns} and an interceptor that send each call to the endpoint the core picks. Nothing here yet: no public type. */
@NullMarked
package io.clusterset.discovery.okhttp;

import org.jspecify.annotations.NullMarked;
