/**
 * One selector thread per discovery: UDP and TCP exchanges and connects, each with a deadline. Knows neither DNS nor
 * verdicts. Shared by {@code dns} and {@code health} so that neither costs a thread of its own (decision 0004).
 *
 * <p>May import {@code time}.
 */
@NullMarked
package io.clusterset.discovery.io;

import org.jspecify.annotations.NullMarked;
