/** What the library costs, measured with JMH beside its peers. Nothing here yet. */
@NullMarked
package io.clusterset.benchmarks;

import org.jspecify.annotations.NullMarked;
