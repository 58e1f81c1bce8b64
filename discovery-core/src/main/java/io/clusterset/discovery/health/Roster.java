package io.clusterset.discovery.health;

import io.clusterset.discovery.health.HealthView.Census;
import io.clusterset.discovery.model.Candidate;
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

    /** What comes after them, while it is being made; a seat that nobody has yet is null. */
    private Candidate @Nullable [] next;

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
        return next == null ? candidates.get(place) : next[place];
    }

    /**
     * Takes the endpoints in; those who are where they were, or near it, keep their candidates.
     *
     * @param leaves told whom there is no seat for; they may have one elsewhere
     * @return whether anything changed
     */
    @SuppressWarnings("ReferenceEquality") // what is the same need not be compared
    boolean seat(List<Endpoint> now, Consumer<Candidate> leaves) {
        List<Endpoint> before = endpoints;
        int same = 0;
        int both = Math.min(before.size(), now.size());
        while (before != now && same < both && before.get(same) == now.get(same)) {
            same++;
        }
        if (before == now || (same == now.size() && same == before.size())) {
            return false;
        }
        endpoints = now;
        Candidate[] seats = new Candidate[now.size()];
        for (int i = 0; i < same; i++) {
            seats[i] = candidates.get(i);
        }
        next = seats;
        int old = same;
        int i = same;
        while (i < now.size() && old < before.size()) {
            Endpoint coming = now.get(i);
            Endpoint there = before.get(old);
            if (coming == there || coming.sameAddress(there)) {
                seats[i] = renewed(candidates.get(old), coming);
                i++;
                old++;
            } else if (old + 1 < before.size() && coming.sameAddress(before.get(old + 1))) {
                leave(candidates.get(old), leaves);
                old++;
            } else if (i + 1 < now.size() && now.get(i + 1).sameAddress(there)) {
                i++;
            } else {
                leave(candidates.get(old), leaves);
                old++;
                i++;
            }
        }
        for (; old < before.size(); old++) {
            leave(candidates.get(old), leaves);
        }
        return true;
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
        return new Candidate(now, candidate.verdict(), candidate.use(), now.weight(), candidate.outcomes());
    }

    /** The seats that nobody has. */
    void fill(Function<Endpoint, Candidate> seats) {
        Candidate[] all = next == null ? new Candidate[0] : next;
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

    /** One address, or one of each family: a Service of two families has a ClusterIP of each. */
    private boolean isOnly() {
        return size() == 1
                || (size() == 2 && endpoints.get(0).isV6() != endpoints.get(1).isV6());
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
        Candidate[] seats = next == null ? candidates.toArray(new Candidate[size()]) : next;
        next = seats;
        Candidate judged = new Candidate(before.endpoint(), verdict, use, before.weight(), before.outcomes());
        seats[place] = judged;
        unknown += (isUnknown(judged) ? 1 : 0) - (isUnknown(before) ? 1 : 0);
        return judged;
    }

    /** All seats are taken and judged. */
    void close(int unhealthy, int bad, String why) {
        if (next != null) {
            candidates = List.of(next);
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
