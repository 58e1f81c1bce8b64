/**
 * What the library costs, beside its peers. {@code Run} is the command, a {@code Suite} what one run of it measures, {@code
 * Report} what comes of it. A new row is a line in {@code Suites}; whom it measures is a class of {@code peers}.
 */
@NullMarked
package io.clusterset.benchmarks;

import org.jspecify.annotations.NullMarked;
