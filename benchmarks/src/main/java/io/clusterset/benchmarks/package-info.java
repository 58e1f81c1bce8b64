/**
 * What the library costs, measured with JMH beside its peers. {@code Run} is the command, a {@code Suite} what one run of
 * it measures: which benchmarks, which goals. A new suite is a new constant there.
 */
@NullMarked
package io.clusterset.benchmarks;

import org.jspecify.annotations.NullMarked;
