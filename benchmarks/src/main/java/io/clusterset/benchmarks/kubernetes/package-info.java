/** What it costs to watch the Kubernetes API: memory for each endpoint, and what a service that never rests takes. */
@NullMarked
package io.clusterset.benchmarks.kubernetes;

import org.jspecify.annotations.NullMarked;
