/** The {@code discovery} command: what a person in a pod asks, and what black-box checks drive. */
@NullMarked
package io.clusterset.examples.cli;

import org.jspecify.annotations.NullMarked;
