package io.clusterset.discovery.health;

import io.clusterset.discovery.health.HealthView.Census;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One tier's endpoints as one service annotated them last. Of ten thousand, all but a few are the same objects at the next
 * rebuild: those cost one comparison each, and their candidates stay as they are. Used on the serial executor.
 */
final class Roster {

    private List<Endpoint> endpoints = List.of();
    private List<Candidate> candidates = List.of();

    /**
     * The candidates that come after them, while it is being made; a seat that nobody has yet is null. Objects: to store a
     * candidate as one costs a look at it.
     */
    private Object @Nullable [] next;

    private int unknown;
    private int priority; // of the first
    private boolean mixed; // priorities
    private boolean only;
    private long succeededElsewhen; // what those that left did here, less what the others did before they came
    private long failedElsewhen;
    private Census census = Census.NONE;

    List<Candidate> candidates() {
        return candidates;
    }

    Census census() {
        return census;
    }

    int size() {
        return endpoints.size();
    }

    /** The tier, as its endpoints say; empty without any. */
    String tier() {
        return endpoints.isEmpty() ? "" : endpoints.get(0).tier();
    }

    static EndpointHealth health(Candidate candidate) {
        return (EndpointHealth) candidate.outcomes(); // no other is put in
    }

    Stream<EndpointHealth> members() {
        return candidates.stream().map(Roster::health);
    }

    /** Where those sought are, as far as they are here. */
    void find(Set<EndpointHealth> sought, ObjIntConsumer<EndpointHealth> found) {
        for (int i = 0; i < size(); i++) {
            EndpointHealth member = health(at(i));
            if (sought.contains(member)) {
                found.accept(member, i);
            }
        }
    }

    boolean isAt(int place, EndpointHealth member) {
        return place < size() && health(at(place)) == member;
    }

    private Candidate at(int place) {
        return next == null ? candidates.get(place) : (Candidate) next[place];
    }

    /**
     * Takes the endpoints in; those who are where they were, or near it, keep their candidates.
     *
     * @param leaves told whom there is no seat for; they may have one elsewhere
     * @return whether anything changed
     */
    @SuppressWarnings("ReferenceEquality") // what is the same need not be compared
    boolean seat(List<Endpoint> now, Consumer<Candidate> leaves) {
        Object[] before = endpoints == now ? new Object[0] : endpoints.toArray();
        Object[] coming = endpoints == now ? before : now.toArray();
        int same = run(coming, 0, before, 0);
        endpoints = now;
        if (same == coming.length && same == before.length) {
            return false;
        }
        Object[] kept = candidates.toArray();
        Object[] seats = new Object[coming.length];
        System.arraycopy(kept, 0, seats, 0, same);
        next = seats;
        int old = same;
        int i = same;
        while (i < coming.length && old < before.length) {
            int run = run(coming, i, before, old);
            if (run > 0) {
                System.arraycopy(kept, old, seats, i, run);
                i += run;
                old += run;
            } else if (sameAddress(coming[i], before[old])) {
                seats[i] = renewed((Candidate) kept[old++], (Endpoint) coming[i]);
                i++;
            } else if (old + 1 < before.length && sameAddress(coming[i], before[old + 1])) {
                leave((Candidate) kept[old++], leaves);
            } else if (i + 1 < coming.length && sameAddress(coming[i + 1], before[old])) {
                i++;
            } else {
                leave((Candidate) kept[old++], leaves);
                i++;
            }
        }
        for (; old < before.length; old++) {
            leave((Candidate) kept[old], leaves);
        }
        return true;
    }

    /** How many are the same from here on. */
    private static int run(Object[] these, int from, Object[] those, int there) {
        int most = Math.min(these.length - from, those.length - there);
        int same = 0;
        while (same < most && these[from + same] == those[there + same]) {
            same++;
        }
        return same;
    }

    private static boolean sameAddress(Object one, Object other) {
        return one == other || ((Endpoint) one).sameAddress((Endpoint) other);
    }

    private void leave(Candidate candidate, Consumer<Candidate> leaves) {
        unknown -= isUnknown(candidate) ? 1 : 0;
        EndpointHealth member = health(candidate);
        succeededElsewhen += Integer.toUnsignedLong(member.succeeded());
        failedElsewhen += Integer.toUnsignedLong(member.failed());
        leaves.accept(candidate);
    }

    /** The same, for an endpoint of the same address. */
    @SuppressWarnings("ReferenceEquality") // most are the same
    private Candidate renewed(Candidate candidate, Endpoint now) {
        if (candidate.endpoint() == now || candidate.endpoint().equals(now)) {
            return candidate;
        }
        mixed |= now.priority() != priority;
        health(candidate).isCalled(now);
        return new Candidate(now, candidate.verdict(), candidate.use(), now.weight(), candidate.outcomes());
    }

    /** The seats that nobody has. */
    void fill(Function<Endpoint, Candidate> seats) {
        Object[] all = next == null ? new Object[0] : next;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == null) {
                Endpoint coming = endpoints.get(i);
                Candidate found = seats.apply(coming);
                all[i] = found.endpoint().equals(coming) ? found : renewed(found, coming);
                unknown += isUnknown(found) ? 1 : 0;
                mixed |= coming.priority() != priority;
                EndpointHealth member = health(found);
                succeededElsewhen -= Integer.toUnsignedLong(member.succeeded());
                failedElsewhen -= Integer.toUnsignedLong(member.failed());
            }
        }
    }

    private static boolean isUnknown(Candidate candidate) {
        return candidate.verdict().state() == State.UNKNOWN;
    }

    /** Tells those that are the only address of their tier, or not any more. */
    void tellOnly() {
        boolean was = only;
        only = isOnly();
        if (only || was) {
            for (int i = 0; i < size(); i++) {
                health(at(i)).onlyOne(only);
            }
        }
    }

    /**
     * One address, or one of each family: a Service of two families has a ClusterIP of each. Those that are about to come or to
     * go don't make it one of many.
     */
    private boolean isOnly() {
        List<Endpoint> ready = endpoints.stream()
                .filter(endpoint -> endpoint.condition() == Condition.READY)
                .limit(3)
                .toList();
        List<Endpoint> counted = ready.isEmpty() ? endpoints : ready;
        return counted.size() == 1
                || (counted.size() == 2
                        && counted.get(0).isV6() != counted.get(1).isV6());
    }

    boolean only() {
        return only;
    }

    /** What is thought of the one with this seat. */
    Candidate judge(int place, Verdict verdict, Candidate.Use use) {
        Candidate before = at(place);
        if (before.verdict().equals(verdict) && before.use() == use) {
            return before;
        }
        Object[] seats = next == null ? candidates.toArray() : next;
        next = seats;
        Candidate judged = new Candidate(before.endpoint(), verdict, use, before.weight(), before.outcomes());
        seats[place] = judged;
        unknown += (isUnknown(judged) ? 1 : 0) - (isUnknown(before) ? 1 : 0);
        return judged;
    }

    /** All seats are taken and judged. */
    @SuppressWarnings("unchecked") // nothing else was put in
    void close(int unhealthy, int bad, String why) {
        if (next != null) {
            candidates = (List<Candidate>) (List<?>) List.of(next);
            next = null;
            if (mixed) {
                int first = candidates.isEmpty() ? 0 : endpoints.get(0).priority();
                priority = first;
                mixed = endpoints.stream().anyMatch(endpoint -> endpoint.priority() != first);
            }
        }
        census = new Census(size() - unhealthy, bad == 0 && !mixed, unknown == size(), why);
    }

    /** How many attempts succeeded while their endpoints were here; for differences alone, since counters overflow. */
    long succeeded() {
        long sum = succeededElsewhen;
        for (Candidate candidate : candidates) {
            sum += Integer.toUnsignedLong(health(candidate).succeeded());
        }
        return sum;
    }

    /** As {@link #succeeded}. */
    long failed() {
        long sum = failedElsewhen;
        for (Candidate candidate : candidates) {
            sum += Integer.toUnsignedLong(health(candidate).failed());
        }
        return sum;
    }
}
