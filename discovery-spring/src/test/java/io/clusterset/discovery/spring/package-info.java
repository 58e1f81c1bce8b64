/** Tests of the door to Spring. */
@NullMarked
package io.clusterset.discovery.spring;

import org.jspecify.annotations.NullMarked;
