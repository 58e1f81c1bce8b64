package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.EndpointTable;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Health as one service sees it: which endpoints are its own, and what is thought of them. Used on the serial executor. An
 * endpoint that left all services is remembered for 30 s, so that one that comes back at the next refresh is not judged anew.
 */
public final class HealthView {

    private static final int PROBED_AT_MOST = 16;
    private static final int NEXT_SHOWN = 3;

    private static final int NEVER_LEAVES_ONE_OUT = 2;
    private static final double MOST_LEFT_OUT = 0.3;
    private static final Duration COMPARED_OVER = Duration.ofSeconds(10);
    private static final Duration STANDBY_PROBES_APART = Duration.ofSeconds(30);
    private static final int STANDBYS_PROBED = 3;
    private static final int ANYWHERE = -1;
    private static final double SPREAD = 0.2;
    private static final Duration A_MOMENT = Duration.ofMillis(100);

    private final Health health;
    private Health.@Nullable Kind kind; // while there are rosters
    private final Surroundings around;
    private final EndpointHealth.User self;
    private final List<EndpointHealth.User> selfAlone; // one list for all endpoints that nobody else uses
    private final List<Roster> rosters = new ArrayList<>();

    /** Those that are sick, or have changed since they were annotated last, and where they were then. */
    private Map<EndpointHealth, Seat> restless = new LinkedHashMap<>();

    private final Alarm compare;
    private final Alarm standby;
    private Map<EndpointHealth, Counts> compared = Map.of();
    private List<Endpoint> standbys = List.of();
    private int nextStandby = ANYWHERE;

    HealthView(Health health, Surroundings around, Runnable onChange, Runnable onProof) {
        this.health = health;
        this.around = around;
        this.compare = new Alarm(around.ticker(), around.scheduler(), around.serial());
        this.standby = new Alarm(around.ticker(), around.scheduler(), around.serial());
        this.self = new EndpointHealth.User() {
            @Override
            public void changed(EndpointHealth endpoint) {
                restless.putIfAbsent(endpoint, Seat.UNKNOWN);
                onChange.run();
            }

            @Override
            public void proven(EndpointHealth endpoint) {
                restless.putIfAbsent(endpoint, Seat.UNKNOWN);
                onProof.run();
            }

            @Override
            public void fails() {
                beginComparison();
            }
        };
        this.selfAlone = List.of(self);
    }

    Surroundings around() {
        return around;
    }

    /**
     * Adds verdicts to each tier's endpoints; what is not among them any more is let go. Where nothing changed, the candidates
     * are those of the last time; so are their lists.
     *
     * @param tiers those of one list are of one tier, and none is in two lists
     */
    public List<List<Candidate>> annotate(List<List<Endpoint>> tiers) {
        seat(tiers);
        judge();
        List<List<Candidate>> annotated = new ArrayList<>(tiers.size());
        for (int i = 0; i < tiers.size(); i++) {
            annotated.add(rosters.get(i).candidates());
        }
        return annotated;
    }

    /** A summary of the endpoints of the tier that came so manieth when {@link #annotate} was last asked. */
    public Census census(int tier) {
        return rosters.get(tier).census();
    }

    private void seat(List<List<Endpoint>> tiers) {
        Health.Kind mine = kind == null ? health.enter(this) : kind;
        kind = mine;
        while (rosters.size() < tiers.size()) {
            rosters.add(new Roster());
        }
        List<Candidate> seatless = new ArrayList<>();
        List<Roster> changed = new ArrayList<>();
        for (int i = 0; i < rosters.size(); i++) {
            Roster roster = rosters.get(i);
            if (roster.seat(i < tiers.size() ? List.copyOf(tiers.get(i)) : List.of(), seatless::add)) {
                changed.add(roster);
            }
        }
        if (!changed.isEmpty()) {
            EndpointTable<Candidate> leaving = new EndpointTable<>(Candidate::endpoint, seatless.size());
            seatless.forEach(leaving::add);
            changed.forEach(roster -> roster.fill(endpoint -> taken(endpoint, mine, leaving)));
            leaving.forEach(candidate -> release(Roster.health(candidate), mine));
        }
        changed.forEach(Roster::tellOnly);
    }

    /** Whoever has been here before, elsewhere; or somebody new. */
    private Candidate taken(Endpoint endpoint, Health.Kind mine, EndpointTable<Candidate> leaving) {
        Optional<Candidate> found = leaving.find(endpoint);
        if (found.isPresent()) {
            Candidate moved = found.get();
            leaving.remove(moved);
            Roster.health(moved).onlyOne(false); // unless its tier says so
            return moved;
        }
        EndpointHealth known = mine.of(endpoint);
        health.used(known);
        known.usedBy(selfAlone, endpoint);
        known.onlyOne(false);
        if (known.isSick()) {
            restless.put(known, Seat.UNKNOWN);
        }
        return new Candidate(endpoint, known.verdict(), Use.IN_TURN, endpoint.weight(), known);
    }

    /** Asks anew what is thought of those of whom it may have changed. */
    private void judge() {
        Map<Roster, List<Patient>> found = restless.isEmpty() ? Map.of() : findRestless();
        for (Roster roster : rosters) {
            judge(roster, found.getOrDefault(roster, List.of()));
        }
        int before = restless.size();
        restless.keySet().removeIf(endpoint -> !endpoint.isSick());
        if (restless.isEmpty() && before > 0) {
            restless = new LinkedHashMap<>(); // a map keeps its room
        }
    }

    private Map<Roster, List<Patient>> findRestless() {
        List<EndpointHealth> moved = restless.entrySet().stream()
                .filter(entry -> !entry.getValue().isOf(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (!moved.isEmpty()) {
            Set<EndpointHealth> sought = Set.copyOf(moved);
            rosters.forEach(roster -> roster.find(
                    sought, (endpoint, place) -> restless.put(endpoint, new Seat(Optional.of(roster), place))));
        }
        Map<Roster, List<Patient>> found = new HashMap<>();
        restless.forEach((endpoint, seat) -> seat.roster()
                .ifPresent(roster -> found.computeIfAbsent(roster, any -> new ArrayList<>())
                        .add(new Patient(endpoint, seat.place()))));
        found.values().forEach(patients -> patients.sort(Comparator.comparingInt(Patient::place)));
        return found;
    }

    /**
     * Law 6: those that fail softly are left out as far as the cap goes, the first that failed first. One on trial is as good
     * as left out, but may be well again: it is the first that stays.
     */
    private static void judge(Roster roster, List<Patient> patients) {
        int size = roster.size();
        int most = size <= NEVER_LEAVES_ONE_OUT ? 0 : Math.max(1, (int) (size * MOST_LEFT_OUT));
        patients.forEach(patient -> patient.endpoint().onlyOne(roster.only()));
        Set<EndpointHealth> stay = patients.stream()
                .map(Patient::endpoint)
                .flatMap(endpoint -> endpoint.ill().stream())
                .filter(ill -> ill.exclusion().since().isPresent())
                .sorted(Comparator.comparing((Case ill) -> ill.exclusion().isTrial())
                        .thenComparing(ill -> ill.exclusion().since().orElse(0L)))
                .skip(most)
                .map(Case::whose)
                .collect(Collectors.toSet());
        int unhealthy = 0;
        int bad = 0;
        String why = "";
        for (Patient patient : patients) {
            EndpointHealth endpoint = patient.endpoint();
            Use use = stay.contains(endpoint) ? Use.IN_TURN : endpoint.use();
            Candidate judged = roster.judge(patient.place(), endpoint.verdict(), use);
            unhealthy += judged.verdict().countsAsHealthy() ? 0 : 1;
            bad += judged.isGood() ? 0 : 1;
            why = why.isEmpty() ? words(judged.verdict()) : why;
        }
        roster.close(unhealthy, bad, why);
    }

    private static String words(Verdict verdict) {
        return switch (verdict.state()) {
            case HEALTHY, UNKNOWN -> "";
            case SUSPECT -> "suspect: " + verdict.reason();
            case UNHEALTHY -> verdict.reason();
        };
    }

    /**
     * Probes up to three of these every 30 s: they carry no traffic now, and it should be known whether they could. What a
     * suspect needs comes first; without probes nothing happens. Begins anywhere: retries go to who has answered, and processes that
     * began together would all know the same three, where a source lists them in one order for all.
     */
    public void standBy(List<Endpoint> idle) {
        standbys = idle;
        reconfigured();
    }

    /** Settings may have changed; the endpoints are told by themselves. */
    void reconfigured() {
        if (standbys.isEmpty() || !around.probes() || around.probesAlways()) {
            standby.cancel();
        } else if (standby.left().isEmpty()) {
            standby.set(Backoff.spread(STANDBY_PROBES_APART, SPREAD, around.random()), this::probeStandbys);
        }
    }

    private void probeStandbys() {
        if (nextStandby == ANYWHERE && !standbys.isEmpty()) {
            nextStandby = around.random().nextInt(standbys.size());
        }
        for (int i = 0; i < Math.min(STANDBYS_PROBED, standbys.size()); i++) {
            mine(standbys.get(nextStandby++ % standbys.size())).ifPresent(EndpointHealth::probeAnyway);
        }
        nextStandby %= Math.max(1, standbys.size());
        reconfigured();
    }

    private Optional<EndpointHealth> mine(Endpoint endpoint) {
        return Optional.ofNullable(kind).flatMap(all -> all.find(endpoint)).filter(known -> known.isUsedBy(self));
    }

    private Stream<EndpointHealth> members() {
        return rosters.stream().flatMap(Roster::members);
    }

    private void beginComparison() {
        if (compare.left().isEmpty()) {
            compared = members().collect(Collectors.toMap(endpoint -> endpoint, HealthView::count, (one, same) -> one));
            compare.set(COMPARED_OVER, this::compare);
        }
    }

    private void compare() {
        Map<EndpointHealth, Counts> before = compared;
        boolean failures = members()
                .anyMatch(endpoint -> endpoint.failed()
                                - before.getOrDefault(endpoint, Counts.NONE).failed()
                        > 0);
        for (Roster roster : rosters) {
            List<Outliers.Ended<EndpointHealth>> ended = roster.members()
                    .filter(before::containsKey) // one that came meanwhile has a past that is not this interval's
                    .map(endpoint -> {
                        Counts base = before.getOrDefault(endpoint, Counts.NONE);
                        return new Outliers.Ended<>(
                                endpoint, endpoint.succeeded() - base.succeeded(), endpoint.failed() - base.failed());
                    })
                    .toList();
            Outliers.of(ended).forEach(outlier -> outlier.endpoint().outlier(outlier.why()));
        }
        if (failures) {
            beginComparison();
        } else {
            compared = Map.of();
            members().forEach(EndpointHealth::notCompared);
        }
    }

    private static Counts count(EndpointHealth endpoint) {
        return new Counts(endpoint.succeeded(), endpoint.failed());
    }

    /** How long ago an attempt at the endpoint, or a probe of it, last succeeded; empty if never. */
    public Optional<Duration> sinceSuccess(Endpoint endpoint) {
        return mine(endpoint).flatMap(EndpointHealth::sinceSuccess);
    }

    /**
     * How the attempts at a tier's endpoints have ended while they were in the tier, all services counted. Nothing is counted
     * before somebody looks.
     */
    public Tally tally(String tier) {
        return new Tally() {
            @Override
            public long succeeded() {
                return rosters.stream()
                        .filter(roster -> roster.tier().equals(tier))
                        .mapToLong(Roster::succeeded)
                        .sum();
            }

            @Override
            public long failed() {
                return rosters.stream()
                        .filter(roster -> roster.tier().equals(tier))
                        .mapToLong(Roster::failed)
                        .sum();
            }
        };
    }

    /** Probes up to 16 of the endpoints now, sick or not, and runs the task when all have answered. */
    public void probeNow(Runnable done) {
        List<EndpointHealth> probed = members().limit(PROBED_AT_MOST).toList();
        int[] open = {probed.size() + 1};
        Runnable one = () -> {
            if (--open[0] == 0) {
                done.run();
            }
        };
        probed.forEach(endpoint -> endpoint.examine(one));
        one.run();
    }

    /** The next probes and trials, the first ones first, at most three of them and how many more wait; in words. */
    public List<String> next() {
        record Due(Case ill, Duration left) {}
        List<Due> due = restless.keySet().stream()
                .flatMap(endpoint -> endpoint.ill().stream())
                .flatMap(ill -> ill.due().map(left -> new Due(ill, left)).stream())
                .sorted(Comparator.comparing(Due::left))
                .toList();
        int shown = due.size() == NEXT_SHOWN + 1 ? due.size() : Math.min(NEXT_SHOWN, due.size());
        List<String> next = new ArrayList<>();
        due.subList(0, shown).forEach(one -> next.add(one.ill().next(one.left())));
        if (due.size() > shown) {
            next.add("… and " + (due.size() - shown) + " more probes or trials");
        }
        return next;
    }

    /** How long until what {@link #next} says is over: by then the soonest probe has come to something. */
    public Optional<Duration> nextOver() {
        return restless.keySet().stream()
                .flatMap(endpoint -> endpoint.ill().stream())
                .flatMap(ill -> ill.due().stream())
                .min(Comparator.naturalOrder())
                .map(left -> left.plus(around.options().probeTimeout()).plus(A_MOMENT));
    }

    /** Lets all endpoints go. */
    public void close() {
        compare.cancel();
        standby.cancel();
        compared = Map.of();
        standbys = List.of();
        Health.Kind mine = kind;
        if (mine != null) {
            members().forEach(endpoint -> release(endpoint, mine));
            health.left(this, mine);
            kind = null;
        }
        rosters.clear();
        restless.clear();
    }

    private void release(EndpointHealth endpoint, Health.Kind mine) {
        endpoint.leftBy(self);
        restless.remove(endpoint);
        health.left(endpoint, mine);
    }

    /**
     * Counts of ended attempts, all that there were until somebody asks. For differences: an overflow of one endpoint's
     * counter, after four billion, makes a sum less.
     */
    public interface Tally {
        /** How many succeeded. */
        long succeeded();

        /** How many failed, hard or softly. */
        long failed();
    }

    /**
     * What a tier's candidates are together.
     *
     * @param healthy how many count as healthy
     * @param allGood whether nothing is held against any, and all are of one SRV priority: they can be used as they are
     * @param allUnknown whether none has been tried yet
     * @param why the first reason for what is not well; empty if all are
     */
    public record Census(int healthy, boolean allGood, boolean allUnknown, String why) {
        static final Census NONE = new Census(0, true, true, "");
    }

    private record Counts(int succeeded, int failed) {
        static final Counts NONE = new Counts(0, 0);
    }

    /** Where somebody was found last. */
    private record Seat(Optional<Roster> roster, int place) {
        static final Seat UNKNOWN = new Seat(Optional.empty(), 0);

        boolean isOf(EndpointHealth endpoint) {
            return roster.isPresent() && roster.get().isAt(place, endpoint);
        }
    }

    /** Somebody to be judged. */
    private record Patient(EndpointHealth endpoint, int place) {}
}
