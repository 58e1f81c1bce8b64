/**
 * What happened and why: the recent events and the explanation of one service. Made only of the values the stages returned;
 * decides nothing.
 *
 * <p>May import {@code model} and {@code time}.
 */
@NullMarked
package io.clusterset.discovery.observe;

import org.jspecify.annotations.NullMarked;
