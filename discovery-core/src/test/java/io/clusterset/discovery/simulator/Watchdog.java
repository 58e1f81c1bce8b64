package io.clusterset.discovery.simulator;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierLoad;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds one process against what must be so after every event and every pick. */
final class Watchdog {

    private static final int MOST_ATTEMPTS = 10; // that are refused

    /** How long it may take to learn who is well: who stands by is probed each 30 s. */
    private static final long SETTLED_MILLIS = 35_000;

    private final World world;
    private final Consumer<String> broken;
    private final Deque<Event> since = new ArrayDeque<>(); // what happened since the last split
    private Optional<Service> orders = Optional.empty();
    private final Usable usable = new Usable();
    private final Retries retries = new Retries();
    private final Returns returns = new Returns(this::breaks);
    private final Arrivals arrivals = new Arrivals(this::breaks);
    private final Set<String> everIll = new HashSet<>(); // tiers
    private Optional<Look> look = Optional.empty(); // the last one
    private String mostLoaded = "";
    private final long begun;
    private boolean closed;

    Watchdog(World world, Consumer<String> broken) {
        this.world = world;
        this.broken = broken;
        this.begun = world.millis();
    }

    void looksAfter(Service service) {
        orders = Optional.of(service);
    }

    void closes() {
        closed = true;
    }

    /** It is closed, with so many tasks still to run. */
    void closed(int left) {
        if (left > 0) {
            breaks(left + " tasks are left after close");
        }
    }

    /** Something is as it must not be. */
    void breaks(String what) {
        broken.accept(world.millis() + " ms: " + what
                + orders.filter(service -> !closed)
                        .map(service -> "\n" + service.explain())
                        .orElse(""));
    }

    /** A tier's source answered. */
    void answered(String tier, Resolution answer) {
        usable.said(tier, answer, world.millis());
        arrivals.said(tier, answer, world.millis());
    }

    /** After every event: somebody is usable if law 7 says so, the split is whole, a change of tiers has a cause, the explanation says what the picker does. */
    void heard(Event event) {
        if (closed) {
            return;
        }
        if (event instanceof Event.Trouble && event.toString().contains("internal")) { // the others are of clusters
            breaks("trouble: " + event);
        }
        if (event instanceof Event.LoadChanged changed) {
            splits(changed);
            since.clear();
        } else if (isCause(event)) {
            since.add(event);
        }
        orders.filter(service -> service.ready().toCompletableFuture().isDone())
                .ifPresent(service -> agree(look(service)));
    }

    /** What is decided now; each decision is looked at once. */
    @SuppressWarnings("ReferenceEquality") // the very decision
    private Look look(Service service) {
        Decision decision = service.decision();
        if (look.isEmpty() || look.get().decision != decision) {
            Look next = new Look(decision);
            look = Optional.of(next);
            if (!isGuarded()) {
                returns.decided(decision);
            }
            arrivals.decided(next);
        }
        return look.get();
    }

    private Look look() {
        return look(orders.orElseThrow());
    }

    private static boolean isCause(Event event) {
        return !(event instanceof Event.Trouble
                || event instanceof Event.Limit
                || event instanceof Event.AddressesDropped);
    }

    private void splits(Event.LoadChanged changed) {
        int sum = changed.loads().stream().mapToInt(TierLoad::percent).sum();
        boolean anybody = changed.loads().stream().anyMatch(load -> load.health() > 0);
        if (sum != 100 && (sum != 0 || anybody) && !isGuarded()) {
            breaks("loads sum to " + sum + ": " + changed);
        }
        String most = changed.mostLoaded();
        if (!mostLoaded.isEmpty() && !most.equals(mostLoaded) && since.isEmpty()) {
            breaks("a flip to " + most + " without a cause: " + changed);
        }
        changed.loads().stream().filter(load -> load.health() < 100).forEach(load -> everIll.add(load.tier()));
        asHealthHasIt(changed);
        mostLoaded = most;
    }

    /** The shares that health gives are filled in order, and only a tier that has been ill is held back. */
    private void asHealthHasIt(Event.LoadChanged changed) {
        int sum = Math.min(
                100, changed.loads().stream().mapToInt(TierLoad::health).sum());
        int left = 100;
        for (TierLoad load : changed.loads()) {
            int due = sum == 0 ? 0 : Math.min(left, 100 * load.health() / sum);
            left -= due;
            if (sum > 0
                    && (load.target() < due
                            || load.target() > due + changed.loads().size())) {
                breaks(load.tier() + " should have " + due + " % by health, not " + load.target() + ": " + changed);
            }
            if (load.percent() < load.target() && !everIll.contains(load.tier()) && !isGuarded()) {
                breaks(load.tier() + " is held back, and never was ill: " + changed);
            }
        }
    }

    /** Whether calls may be shed, by the user's wish. */
    private boolean isGuarded() {
        return world.setting.maxLoad() < 100;
    }

    private void agree(Look now) {
        int sum = now.decision.tiers().stream()
                .mapToInt(tier -> tier.load().percent())
                .sum();
        double told =
                now.shares.values().stream().mapToDouble(Double::doubleValue).sum();
        if (Math.abs(sum - told) > 0.01) {
            breaks("the shares of the endpoints sum to " + told + ", the tiers' to " + sum);
        }
        if (now.size() > 0 && now.shares.isEmpty()) {
            breaks("endpoints are known, and none is used");
        }
        if (now.size() == 0) {
            usable.somebody(world.millis()).ifPresent(who -> breaks("nobody is left, though law 7 has " + who));
        }
    }

    Journey begins() {
        retries.called(world.millis());
        return new Journey();
    }

    /** One call on its way. */
    final class Journey {
        private final Map<Endpoint, Integer> met = new HashMap<>();
        private Optional<Endpoint> last = Optional.empty();
        private int attempts;
        private int refusals;
        private boolean free;

        /** What is picked is known, and for a first attempt has a share of the traffic. */
        void attempts(Endpoint endpoint) {
            if (closed) {
                return;
            }
            last = Optional.of(endpoint);
            Look now = look();
            if (!now.isInSnapshot(endpoint)) {
                breaks("picked " + endpoint.authority() + ", which is not in the snapshot");
            }
            attempts++;
            if (attempts == 1 && now.share(endpoint) <= 0 && !now.isOnTrial(endpoint)) {
                breaks("picked " + endpoint.authority() + ", which has no share");
            }
            if (attempts > 1) {
                count();
                isBest(endpoint, now);
            }
            if (met.merge(endpoint, 1, Integer::sum) > 1 && met.size() < now.size()) {
                breaks("tried " + endpoint.authority() + " twice while others were left");
            }
        }

        /** A first attempt may be a trial, a retry goes where it is most likely to end well; where calls are shed, others may be full. */
        private void isBest(Endpoint endpoint, Look now) {
            if (!isGuarded()) {
                Set<InetSocketAddress> addresses =
                        met.keySet().stream().map(Endpoint::socketAddress).collect(Collectors.toSet());
                now.better(endpoint, addresses)
                        .ifPresent(other -> breaks("retried at " + endpoint.authority()
                                + ", which is sick, and never met " + other.authority() + ", which is well"));
            }
        }

        void ended(Request request, @Nullable Throwable failed) {
            if (failed == null && last.isPresent()) {
                usable.served(last.get(), world.millis());
            }
            if (closed || failed == null || (isGuarded() && cause(failed) instanceof NoEndpointException)) {
                return;
            }
            if (cause(failed) instanceof DiscoveryException reason && reason.getClass() != DiscoveryException.class) {
                nobody(failed);
            }
            if (refusals == attempts && attempts < MOST_ATTEMPTS) {
                unmet().ifPresent(one -> breaks("gave up after " + attempts + " refusals, and never asked "
                        + one.authority() + ", which was up: " + failed));
            }
            boolean somebody = look().endpoints().anyMatch(one -> world.wasUp(one.socketAddress(), SETTLED_MILLIS));
            long calmBefore = Math.min(
                    world.calmFor() - (world.millis() - request.began),
                    request.began - begun); // a process that has just begun knows nothing
            if (somebody && calmBefore >= SETTLED_MILLIS && !world.isHalfWell()) {
                breaks("a call that began at " + request.began + " ms failed, and somebody known was up: " + failed);
            }
        }

        /** Somebody known, and up while this call was under way, whom it did not ask. */
        private Optional<Endpoint> unmet() {
            return look().endpoints()
                    .filter(one -> !met.containsKey(one) && world.wasUp(one.socketAddress(), Request.PATIENCE))
                    .findFirst();
        }

        private Throwable cause(Throwable failed) {
            Throwable cause = failed.getCause();
            return cause == null ? failed : cause;
        }

        private void nobody(Throwable failed) {
            int known = look().size();
            if (known > 0) {
                breaks("no endpoint, though " + known + " are known: " + failed);
            } else {
                usable.somebody(world.millis())
                        .ifPresent(who -> breaks("no endpoint, though law 7 has " + who + ": " + failed));
            }
        }

        /** Nothing was sent: whatever comes next is free. */
        void refused() {
            refusals++;
            free = true;
        }

        private void count() {
            if (!free) {
                retries.retried(world.millis()).ifPresent(Watchdog.this::breaks);
            }
            free = false;
        }
    }
}
