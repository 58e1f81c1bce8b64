package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.time.DurationRange;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives an endpoint that is new to its tier a tenth of its weight first, and all of it a window later, in steps. New is who
 * comes while another of the tier was known already and still is; who left for at most 30 s is not. A change of verdict
 * makes nobody new: for those who come back from an illness there are trials.
 *
 * <p>One for each service; used on the serial executor. While nobody is new, a call compares two lists, place by place, and
 * returns its argument.
 */
public final class SlowStart {

    private static final DurationRange WINDOW = new DurationRange(Duration.ZERO, Duration.ofHours(1));
    private static final double LEAST = 0.1;
    private static final int STEPS = 10;
    private static final long SHORTEST_STEP = Duration.ofSeconds(1).toNanos();
    private static final long REMEMBERED = Duration.ofSeconds(30).toNanos();
    private static final int MOST_REMEMBERED = 10_000;

    private final long window;
    private final long step;
    private final Ticker ticker;
    private final Map<String, TierStart> tiers = new HashMap<>();

    /**
     * With how long it takes to get all of one's weight.
     *
     * @param window 0, which turns it off, to 1 h
     * @throws IllegalArgumentException if the window is out of range
     */
    public SlowStart(Duration window, Ticker ticker) {
        WINDOW.check("slowStart", window);
        this.window = window.toNanos();
        this.step = Math.max(SHORTEST_STEP, this.window / STEPS);
        this.ticker = ticker;
    }

    /** The tier's candidates, with less weight for those that are new; the same list if there are none. */
    public List<Candidate> warmed(String tier, List<Candidate> candidates) {
        if (window == 0) {
            return candidates;
        }
        long now = ticker.nanos();
        TierStart start = tiers.computeIfAbsent(tier, name -> new TierStart());
        start.look(candidates, now);
        return start.begun.isEmpty() ? candidates : start.scaled(candidates, now);
    }

    /** How many of the tier have less than all of their weight. */
    public int warming(String tier) {
        TierStart start = tiers.get(tier);
        return start == null ? 0 : start.begun.size();
    }

    /** When to ask again although nothing happened: the next step of one that is new. Empty if there is none. */
    public Optional<Duration> recheck() {
        long now = ticker.nanos();
        return tiers.values().stream()
                .flatMap(start -> start.begun.values().stream())
                .map(begun -> untilNextStep(now - begun))
                .min(Comparator.naturalOrder())
                .map(Duration::ofNanos);
    }

    private long untilNextStep(long age) {
        return Math.max(0, Math.min(window, (age / step + 1) * step) - age);
    }

    private double part(long age) {
        return age >= window ? 1 : Math.max(LEAST, age / step * step / (double) window);
    }

    /** One tier's members. */
    private final class TierStart {
        private List<Candidate> members = List.of();
        private final Map<Address, Long> begun = new HashMap<>(); // of those that are new

        /** When they left, the first first; with when they had begun, if they were new. */
        private final Map<Address, Left> left = new LinkedHashMap<>();

        void look(List<Candidate> candidates, long now) {
            change(candidates, now);
            members = candidates;
            begun.values().removeIf(since -> now - since >= window);
            left.values().removeIf(gone -> now - gone.at > REMEMBERED);
        }

        @SuppressWarnings("ReferenceEquality") // the very list
        private void change(List<Candidate> candidates, long now) {
            if (candidates == members) {
                return;
            }
            Object[] former = members.toArray(); // arrays: ten thousand of them are compared
            Object[] present = candidates.toArray();
            int most = Math.min(former.length, present.length);
            int head = 0;
            while (head < most && same(former[head], present[head])) {
                head++;
            }
            int tail = 0;
            while (tail < most - head && same(former[former.length - 1 - tail], present[present.length - 1 - tail])) {
                tail++;
            }
            change(
                    members.subList(head, former.length - tail),
                    candidates.subList(head, present.length - tail),
                    head + tail > 0,
                    now);
        }

        private static boolean same(Object one, Object other) {
            return one == other || ((Candidate) one).endpoint().sameAddress(((Candidate) other).endpoint());
        }

        /** Only between the head and the tail that all have in common: there are thousands to look up otherwise. */
        private void change(List<Candidate> former, List<Candidate> present, boolean othersStay, long now) {
            if (former.isEmpty() && present.isEmpty()) {
                return;
            }
            Set<Address> before = addresses(former);
            Set<Address> after = addresses(present);
            boolean anyStays = othersStay || after.stream().anyMatch(before::contains);
            for (Candidate member : former) { // lists, not sets: in an order that does not depend on hashes
                Address address = new Address(member.endpoint());
                if (!after.contains(address)) {
                    left.put(address, new Left(now, Optional.ofNullable(begun.remove(address))));
                }
            }
            for (Candidate candidate : present) {
                Address address = new Address(candidate.endpoint());
                Left returned = left.remove(address);
                if (returned != null && now - returned.at <= REMEMBERED) {
                    returned.begun.ifPresent(since -> begun.put(address, since));
                } else if (anyStays && !before.contains(address)) {
                    begun.put(address, now);
                }
            }
            while (left.size() > MOST_REMEMBERED) {
                left.remove(left.keySet().iterator().next());
            }
        }

        private static Set<Address> addresses(List<Candidate> candidates) {
            Set<Address> all = new HashSet<>(candidates.size() * 2);
            candidates.forEach(candidate -> all.add(new Address(candidate.endpoint())));
            return all;
        }

        List<Candidate> scaled(List<Candidate> candidates, long now) {
            long hashes = 0; // of those that are new, one bit each: most others are told by it
            for (Address address : begun.keySet()) {
                hashes |= 1L << address.hashCode();
            }
            Candidate[] scaled = candidates.toArray(Candidate[]::new);
            for (int i = 0; i < scaled.length; i++) {
                Candidate candidate = scaled[i];
                if ((hashes >>> candidate.endpoint().addressHash() & 1) != 0) {
                    Long since = begun.get(new Address(candidate.endpoint()));
                    scaled[i] = since == null
                            ? candidate
                            : candidate.withWeight((float) (candidate.weight() * part(now - since)));
                }
            }
            return List.of(scaled);
        }
    }

    private record Left(long at, Optional<Long> begun) {}

    /** An endpoint told apart by address and port alone. */
    private record Address(Endpoint endpoint) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Address that && endpoint.sameAddress(that.endpoint);
        }

        @Override
        public int hashCode() {
            return endpoint.addressHash();
        }
    }
}
