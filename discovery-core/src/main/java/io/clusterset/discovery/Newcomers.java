package io.clusterset.discovery;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Services that no tier has ever had an endpoint for, oldest first: a bounded number, so that names somebody makes up fill
 * neither the memory nor the place of names that exist. Used on the serial executor.
 */
final class Newcomers {

    private static final int MOST = 1_000;

    private final Set<Service> waiting = new LinkedHashSet<>();
    private final Consumer<Service> evict;

    Newcomers(Consumer<Service> evict) {
        this.evict = evict;
    }

    void add(Service service) {
        if (service.pipeline().proven()) {
            return;
        }
        waiting.add(service);
        Iterator<Service> oldestFirst = waiting.iterator();
        while (waiting.size() > MOST && oldestFirst.hasNext()) {
            Service oldest = oldestFirst.next();
            oldestFirst.remove();
            if (!oldest.pipeline().proven()) {
                evict.accept(oldest);
            }
        }
    }

    void remove(Service service) {
        waiting.remove(service);
    }
}
