/** Failover through OkHttp at 200 calls a second. Takes minutes: {@code .ci/run} asks for it. */
@NullMarked
package io.clusterset.discovery.okhttp.faults;

import org.jspecify.annotations.NullMarked;
