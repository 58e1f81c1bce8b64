package io.clusterset.discovery;

import io.clusterset.discovery.model.ServiceName;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Services forgotten at rest, for as long as somebody holds them: they come back when they are used, and two of one name would
 * each judge for itself, and only one of them be counted. Thread-safe.
 */
final class Resting {

    private final Map<ServiceName, Held> held = new ConcurrentHashMap<>();
    private final ReferenceQueue<Service> droppedByAll = new ReferenceQueue<>();

    void add(Service service) {
        forgetDropped();
        held.put(service.name(), new Held(service, droppedByAll));
    }

    private void forgetDropped() {
        for (Reference<?> gone = droppedByAll.poll(); gone != null; gone = droppedByAll.poll()) {
            if (gone instanceof Held one) {
                held.remove(one.name, one);
            }
        }
    }

    Optional<Service> find(ServiceName name) {
        forgetDropped(); // after a storm of names nobody adds any
        return Optional.ofNullable(held.get(name)).map(Held::get);
    }

    private static final class Held extends WeakReference<Service> {
        private final ServiceName name;

        Held(Service service, ReferenceQueue<Service> queue) {
            super(service, queue);
            this.name = service.name();
        }
    }
}
