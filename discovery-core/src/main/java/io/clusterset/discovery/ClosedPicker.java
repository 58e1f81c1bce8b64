package io.clusterset.discovery;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.ServiceName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is left of a service when its discovery is closed: a clear error. */
final class ClosedPicker implements Picker {

    private final ServiceName name;

    ClosedPicker(ServiceName name) {
        this.name = name;
    }

    @Override
    public Candidate pick() {
        throw Current.closedException(name);
    }

    @Override
    public Candidate pick(Affinity affinity) {
        throw Current.closedException(name);
    }

    @Override
    public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        return Optional.empty();
    }

    @Override
    public List<Candidate> ordered() {
        throw Current.closedException(name);
    }
}
