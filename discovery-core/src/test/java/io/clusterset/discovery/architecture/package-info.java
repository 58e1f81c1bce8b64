/**
 * The laws of the house that a compiler doesn't know, and the proof that each of them bites.
 *
 * <pre>  PackageTable ──▶ …Rules (functions of a root package) ──▶ production classes   must keep them
 *                                                        └──▶ fixtures             must break them</pre>
 *
 * A new package needs a row in {@code PackageTable}; a new rule needs a fixture that violates it.
 */
@NullMarked
package io.clusterset.discovery.architecture;

import org.jspecify.annotations.NullMarked;
