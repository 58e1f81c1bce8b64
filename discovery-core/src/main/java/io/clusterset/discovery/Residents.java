package io.clusterset.discovery;

import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.Alarm;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The services of a discovery: one of each name, a bounded number in use; who is idle comes to rest, and who is used again comes
 * back. Found on any thread; who asks, and who has yet to follow the plan, is known on the serial executor.
 */
final class Residents {

    private static final int MOST = 10_000;
    private static final int FOLLOW_AT_ONCE = 20;
    private static final Duration IDLE_AFTER = Duration.ofMinutes(10);

    private final Stages stages;
    private final BooleanSupplier closed;
    private final Alarm idleSweep;
    private final Map<ServiceName, Service> byName = new ConcurrentHashMap<>();
    private final Resting resting = new Resting();

    /** Services that ask; used on the serial executor. One that rests is forgotten, and comes back when it is used. */
    private final Set<Service> live = new LinkedHashSet<>();

    private final Set<Service> behind = new LinkedHashSet<>(); // that have yet to follow the plan; as live

    private final Newcomers newcomers = new Newcomers(this::evict); // as live

    private final Consumer<Service> onUse = this::used; // one for all of them
    private final AtomicBoolean full = new AtomicBoolean(); // and that has been told

    /**
     * None yet.
     *
     * @param closed whether the discovery was closed: then none is let in any more
     */
    Residents(Stages stages, BooleanSupplier closed) {
        this.stages = stages;
        this.closed = closed;
        this.idleSweep = new Alarm(stages.ticker(), stages.scheduler(), stages.serial());
    }

    /** Those in use. */
    Collection<Service> all() {
        return byName.values();
    }

    /** One in use; it is not used by that. */
    Optional<Service> find(ServiceName name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * The service of this name; comes to use, if it is not.
     *
     * @throws IllegalArgumentException if no tier looks such names up
     * @throws DiscoveryException if the discovery is closed or too many are in use
     */
    Service of(ServiceName name, Naming naming) {
        Service known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (closed.getAsBoolean()) {
            throw Current.closedException(name);
        }
        if (byName.size() >= MOST) {
            throw new DiscoveryException(
                    name + ": " + byName.size() + " services in use (expected: at most " + MOST + ")");
        }
        List<Tier> tiers = naming.tiers(name);
        Service service = byName.computeIfAbsent(
                name, n -> resting.find(n).orElseGet(() -> new Service(n, tiers, stages, onUse)));
        service.touch(); // one that rested
        used(service);
        return service;
    }

    /** Whether nobody was told yet that there is no room, since there may have been some; and now somebody is. */
    boolean isFullAnew() {
        return full.compareAndSet(false, true);
    }

    private void used(Service service) {
        if (closed.getAsBoolean()) {
            service.wakeWaiters(); // the executor may be gone
            return;
        }
        stages.serial().execute(() -> {
            if (closed.getAsBoolean()) {
                service.shut();
            } else {
                if (!service.isSelection()) {
                    byName.putIfAbsent(service.name(), service);
                }
                live.add(service);
                service.residence().start();
                newcomers.add(service);
                if (idleSweep.left().isEmpty()) {
                    idleSweep.set(IDLE_AFTER, this::sweep);
                }
            }
        });
    }

    // --- on the serial executor

    /** A drill began or ended. */
    void drilled() {
        live.forEach(service -> service.residence().drilled());
    }

    /** Another plan holds. */
    void replanned() {
        behind.addAll(live);
        follow();
    }

    /** A few at a time: with thousands of services, verdicts must not wait for the last of them. */
    private void follow() {
        List<Service> next = behind.stream().limit(FOLLOW_AT_ONCE).toList();
        try {
            next.forEach(service -> {
                behind.remove(service);
                if (live.contains(service)) {
                    service.residence().replanned();
                }
            });
        } finally {
            if (!behind.isEmpty()) {
                stages.serial().execute(this::follow);
            }
        }
    }

    /** Makes room: the service comes back when it is used again. */
    private void evict(Service service) {
        service.rest();
        live.remove(service);
        if (!service.isSelection()) { // which its service finds, and whose name is that one's
            forget(service);
        }
    }

    /** In this order: who asks for the name at any time gets the service that others may hold. */
    private void forget(Service service) {
        resting.add(service);
        byName.remove(service.name(), service);
    }

    private void sweep() {
        live.removeIf(service -> {
            boolean rests = !service.sweep();
            if (rests) {
                newcomers.remove(service);
            }
            return rests;
        });
        byName.values().forEach(service -> {
            if (!live.contains(service)) {
                forget(service);
            }
        });
        full.set(false);
        if (!live.isEmpty()) {
            idleSweep.set(IDLE_AFTER, this::sweep);
        }
    }

    /** Ends all of them for good. */
    void shut() {
        idleSweep.cancel();
        live.forEach(Service::shut);
        live.clear();
        behind.clear();
    }
}
