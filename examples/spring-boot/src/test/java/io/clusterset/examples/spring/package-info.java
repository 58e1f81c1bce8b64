/** Tests of the example. */
@NullMarked
package io.clusterset.examples.spring;

import org.jspecify.annotations.NullMarked;
