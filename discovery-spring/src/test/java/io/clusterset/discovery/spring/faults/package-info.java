/** Whole applications while clusters come and go; minutes, and so not with the other tests. */
@NullMarked
package io.clusterset.discovery.spring.faults;

import org.jspecify.annotations.NullMarked;
