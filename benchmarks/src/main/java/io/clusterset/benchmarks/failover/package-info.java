/**
 * What a caller sees when the endpoint that it prefers stops working: each client as it comes, no setting touched. A {@link
 * Trial} is a program: one client, one fault.
 */
@NullMarked
package io.clusterset.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
