/** An application that calls a service by its name. */
@NullMarked
package io.clusterset.examples.spring;

import org.jspecify.annotations.NullMarked;
