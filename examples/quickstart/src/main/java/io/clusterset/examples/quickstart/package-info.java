/** The whole job in one program: two fake clusters, one goes down, calls go on. */
@NullMarked
package io.clusterset.examples.quickstart;

import org.jspecify.annotations.NullMarked;
