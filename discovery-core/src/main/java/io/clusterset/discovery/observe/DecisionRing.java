package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was decided before what holds now, so that "why then?" can be answered after the fact: of each service the last 32 decisions
 * that said something else than the one after, of all services 4,096; of short ones (under a second) one a second, and of large
 * tiers 20 endpoints, the sick ones first. A service that never changed takes no room. Thread-safe.
 */
public final class DecisionRing {

    static final int OF_ONE = 32;
    static final int OF_ALL = 4_096;
    static final int ENDPOINTS = 20;
    private static final long SHORT = 1_000_000_000;

    /** By service, the one that changed last at the end; guarded by this, as is the count. */
    private final Map<String, Deque<Past>> kept = new LinkedHashMap<>();

    private int count;

    /** With nothing in it. */
    public DecisionRing() {
        // nothing to do: a public constructor is said, not implied
    }

    /**
     * Something else was decided.
     *
     * @param subject the service
     * @param decision what held until then
     * @param since from when, in ticker nanoseconds
     * @param until to when
     */
    public synchronized void replaced(String subject, Decision decision, long since, long until) {
        if (since == until) {
            return; // nobody was told
        }
        Deque<Past> mine = kept.remove(subject);
        Deque<Past> all = mine == null ? new ArrayDeque<>() : mine;
        kept.put(subject, all);
        Past last = all.peekLast();
        boolean tooMany = last != null
                && until - since < SHORT
                && last.until() - last.since() < SHORT
                && since - last.since() < SHORT;
        if (!tooMany) {
            all.addLast(new Past(shortened(decision), since, until));
            count++;
            if (all.size() > OF_ONE) {
                all.removeFirst();
                count--;
            }
        }
        while (count > OF_ALL) {
            forgetOne();
        }
    }

    /** Of the service that has not changed for longest, the eldest. */
    private void forgetOne() {
        Iterator<Deque<Past>> eldest = kept.values().iterator();
        Deque<Past> all = eldest.next();
        if (all.pollFirst() != null) {
            count--;
        }
        if (all.isEmpty()) {
            eldest.remove();
        }
    }

    /** What was decided for the service, the eldest first. */
    public synchronized List<Past> of(String subject) {
        Deque<Past> mine = kept.get(subject);
        return mine == null ? List.of() : List.copyOf(mine);
    }

    private static Decision shortened(Decision decision) {
        if (decision.tiers().stream()
                .allMatch(tier -> tier.candidates().size() <= ENDPOINTS
                        && tier.view().endpoints().size() <= ENDPOINTS)) {
            return decision;
        }
        List<String> notes = new ArrayList<>(decision.notes());
        List<Decision.Tier> tiers = new ArrayList<>();
        for (Decision.Tier tier : decision.tiers()) {
            int known = tier.view().endpoints().size();
            tiers.add(shortened(tier));
            if (known > ENDPOINTS) {
                notes.add(tier.load().tier() + ": " + ENDPOINTS + " of its " + known + " endpoints are remembered");
            }
        }
        Snapshot seen = decision.snapshot();
        Snapshot snapshot = new Snapshot(
                seen.service(),
                seen.takenAt(),
                tiers.stream().map(Decision.Tier::view).toList());
        return new Decision(snapshot, tiers, notes, decision.next(), decision.returning());
    }

    private static Decision.Tier shortened(Decision.Tier tier) {
        List<Candidate> candidates = tier.candidates().stream()
                .sorted(Comparator.comparing(Candidate::isGood)) // false first
                .limit(ENDPOINTS)
                .toList();
        TierView view = tier.view();
        TierView shorter = new TierView(
                view.tier(),
                shortened(view.resolution()),
                view.answeredAt(),
                view.foundAt(),
                candidates.stream().map(Candidate::endpoint).toList(),
                view.dropped().stream().limit(ENDPOINTS).toList());
        return new Decision.Tier(
                shorter,
                tier.load(),
                candidates,
                tier.excluded().stream().limit(ENDPOINTS).toList());
    }

    private static Resolution shortened(Resolution answer) {
        if (answer instanceof Resolution.Found found) {
            return new Resolution.Found(first(found.endpoints()), found.complete(), found.freshFor(), found.evidence());
        }
        return answer instanceof Resolution.Unknown unknown
                ? new Resolution.Unknown(first(unknown.kept()), unknown.freshFor(), unknown.evidence())
                : answer;
    }

    private static List<Endpoint> first(List<Endpoint> endpoints) {
        return endpoints.subList(0, Math.min(ENDPOINTS, endpoints.size()));
    }

    /**
     * What was decided, and from when to when it held, in ticker nanoseconds.
     *
     * @param decision what was decided
     * @param since when it was
     * @param until when something else was
     */
    public record Past(Decision decision, long since, long until) {}
}
