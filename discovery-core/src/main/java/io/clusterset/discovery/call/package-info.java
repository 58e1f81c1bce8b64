/**
 * The attempt loop: where to try next, how often, and what a failure means.
 *
 * <p>Not here: choosing the first endpoint ({@code balance}), judging it ({@code health}). May import {@code model} and {@code
 * time}.
 */
@NullMarked
package io.clusterset.discovery.call;

import org.jspecify.annotations.NullMarked;
