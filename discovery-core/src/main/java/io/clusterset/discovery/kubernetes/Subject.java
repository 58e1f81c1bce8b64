package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.SharedReflectors.Part;
import io.clusterset.discovery.model.Resolution;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a question is about.
 *
 * @param parts all that must be known to answer it
 * @param answer from what is known of the parts now
 */
record Subject(List<Part> parts, Supplier<Resolution> answer) {

    Subject {
        parts = List.copyOf(parts);
    }

    /** None of it is needed any more. */
    void release() {
        parts.forEach(Part::release);
    }
}
