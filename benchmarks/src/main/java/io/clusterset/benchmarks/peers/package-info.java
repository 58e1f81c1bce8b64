/**
 * Whom we are measured beside, one class each, ours among them, with the same names for the same thing: {@code pick} and
 * {@code weightedPick} choose from so many endpoints, {@code rebuild} changes one of them and chooses, {@code model} is
 * what one service keeps in memory.
 */
@NullMarked
package io.clusterset.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
