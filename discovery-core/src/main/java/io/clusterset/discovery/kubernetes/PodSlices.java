package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.kubernetes.PortWish.Choice;
import io.clusterset.discovery.model.Traffic;
import java.util.Optional;

/** How slices of pods come into an answer, be they local or imported. */
final class PodSlices {

    private PodSlices() {}

    /** Adds a slice's endpoints at the port that was chosen, if it has that. */
    static void add(
            Item<EndpointSlice> item,
            Choice choice,
            String cluster,
            Traffic traffic,
            boolean placed,
            Shapes shapes,
            Joined joined) {
        EndpointSlice slice = item.object();
        Optional<SlicePort> port = choice.in(slice);
        if (port.isPresent()) {
            joined.add(shapes.shaped(slice, new Shapes.Shape(port.get(), cluster, traffic, placed)));
        } else if (!slice.endpoints().isEmpty() && !(choice instanceof PortWish.None)) {
            joined.drop(item.name(), "slice without " + choice);
        }
    }

    /** Says what a person would wonder about. */
    static void explain(Choice choice, Joined joined) {
        if (choice instanceof PortWish.ByNumber target) {
            joined.note(target.number() + " is no port of the Service, but a target port");
        }
    }
}
