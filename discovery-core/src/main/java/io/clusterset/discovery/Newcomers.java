package io.clusterset.discovery;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Services that no tier has ever had an endpoint for, oldest first: a bounded number, so that names somebody makes up fill
 * neither the memory nor the place of names that exist. Those that every tier has answered for make room before those that
 * are still being asked for. Used on the serial executor.
 */
final class Newcomers {

    private static final int MOST = 1_000;
    private static final int MOST_UNANSWERED = 1_200;
    private static final int LOOKED_AT = 50;

    private final Set<Service> waiting = new LinkedHashSet<>();
    private final Consumer<Service> evict;

    Newcomers(Consumer<Service> evict) {
        this.evict = evict;
    }

    void add(Service service) {
        if (service.residence().proven()) {
            return;
        }
        waiting.add(service);
        Iterator<Service> oldestFirst = waiting.iterator();
        for (int looked = 0; waiting.size() > MOST && looked < LOOKED_AT; looked++) {
            Service oldest = oldestFirst.next();
            if (oldest.residence().proven()) {
                oldestFirst.remove();
            } else if (oldest.residence().answered() || waiting.size() > MOST_UNANSWERED) {
                oldestFirst.remove();
                evict.accept(oldest);
            }
        }
    }

    void remove(Service service) {
        waiting.remove(service);
    }
}
