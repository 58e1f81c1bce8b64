package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.health.HealthView.Census;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.EndpointTable;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What stays the same from one annotation to the next, and what is kept by address and port whatever else changes. */
class RosterTest {

    private static final Outcome OK = new Outcome.Succeeded();
    private static final Outcome HTTP_503 = new Outcome.FailedSoft("HTTP 503");
    private static final Outcome REFUSED = new Outcome.FailedHard("connection refused", false);

    private final Ward ward = new Ward();

    private static List<Endpoint> tier(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(n -> Endpoint.parse("10.0.0." + n + ":80"))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void sicken(Candidate candidate) {
        ward.prober.answer(candidate.endpoint(), new Prober.Refused("connection refused"));
        candidate.outcomes().ended(candidate.outcomes().began(), REFUSED);
    }

    @Test
    void whereNothingChangedTheListIsTheSameObject() {
        List<Endpoint> tier = tier(1, 9);
        List<Candidate> before = ward.candidates(tier);
        assertThat(ward.candidates(tier)).isSameAs(before);
        assertThat(ward.candidates(List.copyOf(tier))).isSameAs(before);
    }

    @Test
    void whoComesOrGoesLeavesTheOthersCandidatesAlone() {
        List<Endpoint> tier = tier(1, 9);
        List<Candidate> before = ward.candidates(List.copyOf(tier));
        tier.remove(4);
        tier.add(0, Endpoint.parse("10.0.1.1:80"));
        tier.set(7, Endpoint.parse("10.0.1.2:80"));
        List<Candidate> after = ward.candidates(List.copyOf(tier));
        assertThat(after).extracting(Candidate::endpoint).isEqualTo(tier);
        Set<Candidate> kept = identities(before);
        kept.retainAll(identities(after));
        assertThat(kept).hasSize(7);
        assertThat(ward.health.size()).isEqualTo(9 + 2);
    }

    private static Set<Candidate> identities(List<Candidate> candidates) {
        Set<Candidate> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(candidates);
        return all;
    }

    @Test
    void anotherOrderKeepsAllCandidates() {
        List<Endpoint> tier = tier(1, 200);
        Set<Candidate> before = identities(ward.candidates(List.copyOf(tier)));
        Collections.shuffle(tier, new Random(1));
        List<Candidate> after = ward.candidates(List.copyOf(tier));
        assertThat(after).extracting(Candidate::endpoint).isEqualTo(tier);
        assertThat(identities(after)).isEqualTo(before);
    }

    @Test
    void equalEndpointsAreAsGoodAsTheSame() {
        List<Candidate> before = ward.candidates(tier(1, 9));
        List<Candidate> after = ward.candidates(tier(1, 9));
        assertThat(identities(after)).isEqualTo(identities(before));
    }

    @Test
    void oneOfWhichSomethingElseChangedKeepsWhatIsThoughtOfIt() {
        List<Endpoint> tier = tier(1, 9);
        Candidate before = ward.candidates(List.copyOf(tier)).get(3);
        sicken(before);
        tier.set(3, tier.get(3).withWeight(7));
        Candidate after = ward.candidates(List.copyOf(tier)).get(3);
        assertThat(after.outcomes()).isSameAs(before.outcomes());
        assertThat(after.verdict().state()).isEqualTo(State.UNHEALTHY);
        assertThat(after.weight()).isEqualTo(7);
        assertThat(after.endpoint()).isSameAs(tier.get(3));
    }

    @Test
    void oneThatMovesToAnotherTierKeepsWhatIsThoughtOfIt() {
        List<Endpoint> home = tier(1, 5);
        List<Endpoint> away = tier(11, 15);
        Candidate sick =
                ward.view.annotate(List.of(List.copyOf(home), away)).get(0).get(2);
        sicken(sick);
        Endpoint moving = home.remove(2);
        away.add(1, moving.withTier("clusterset"));
        List<List<Candidate>> after = ward.view.annotate(List.of(home, away));
        assertThat(after.get(0)).allMatch(Candidate::isGood);
        assertThat(after.get(1).get(1).outcomes()).isSameAs(sick.outcomes());
        assertThat(after.get(1).get(1).verdict().state()).isEqualTo(State.UNHEALTHY);
        assertThat(ward.health.size()).isEqualTo(10);
    }

    @Test
    void theCensusSaysWhatTheCandidatesSay() {
        List<Endpoint> tier = tier(1, 9);
        List<Candidate> all = ward.candidates(tier);
        assertThat(ward.view.census(0)).isEqualTo(new Census(9, true, true, ""));
        all.get(1).outcomes().ended(all.get(1).outcomes().began(), OK);
        ward.candidates(tier);
        assertThat(ward.view.census(0)).isEqualTo(new Census(9, true, false, ""));
        sicken(all.get(7));
        ward.prober.holds = true;
        all.get(4).outcomes().ended(all.get(4).outcomes().began(), new Outcome.FailedHard("reset", false));
        ward.candidates(tier);
        assertThat(ward.view.census(0)).isEqualTo(new Census(8, false, false, "suspect: reset"));
        ward.candidates(List.of());
        assertThat(ward.view.census(0)).isEqualTo(new Census(0, true, true, ""));
    }

    @Test
    void theCensusKnowsPriorities() {
        List<Endpoint> tier = tier(1, 3);
        tier.replaceAll(endpoint -> endpoint.withPriority(2));
        ward.candidates(List.copyOf(tier));
        assertThat(ward.view.census(0).allGood()).isTrue();
        tier.set(1, tier.get(1).withPriority(3));
        ward.candidates(List.copyOf(tier));
        assertThat(ward.view.census(0).allGood()).isFalse();
        tier.set(1, tier.get(1).withPriority(2));
        ward.candidates(List.copyOf(tier));
        assertThat(ward.view.census(0).allGood()).isTrue();
    }

    @Test
    void whateverComesAndGoesItIsAsIfAllHadBeenAskedAnew() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Ward mine = new Ward();
            List<Endpoint> all = tier(1, 30);
            Map<Endpoint, Outcomes> known = new HashMap<>();
            Set<Endpoint> sick = new HashSet<>();
            for (int step = 0; step < 30; step++) {
                Collections.shuffle(all, random.nextInt(3) == 0 ? random : new Random(seed));
                List<Endpoint> home = List.copyOf(all.subList(0, random.nextInt(20)));
                List<Endpoint> away = List.copyOf(all.subList(20, 20 + random.nextInt(10)));
                List<List<Candidate>> annotated = mine.view.annotate(List.of(home, away));
                assertThat(annotated.get(0)).extracting(Candidate::endpoint).isEqualTo(home);
                assertThat(annotated.get(1)).extracting(Candidate::endpoint).isEqualTo(away);
                for (Candidate candidate :
                        annotated.stream().flatMap(List::stream).toList()) {
                    Outcomes before = known.putIfAbsent(candidate.endpoint(), candidate.outcomes());
                    assertThat(before == null || before == candidate.outcomes()).isTrue();
                    assertThat(candidate.verdict().state())
                            .isEqualTo(sick.contains(candidate.endpoint()) ? State.UNHEALTHY : State.UNKNOWN);
                    assertThat(candidate.use() == Use.LEFT_OUT).isEqualTo(sick.contains(candidate.endpoint()));
                }
                for (int tier = 0; tier < 2; tier++) {
                    List<Candidate> candidates = annotated.get(tier);
                    assertThat(mine.view.census(tier).healthy()).isEqualTo((int) candidates.stream()
                            .filter(one -> one.verdict().countsAsHealthy())
                            .count());
                    assertThat(mine.view.census(tier).allGood())
                            .isEqualTo(candidates.stream().allMatch(Candidate::isGood));
                }
                if (!home.isEmpty() && home.size() > 2 && random.nextInt(3) == 0) {
                    Candidate falls = annotated.get(0).get(random.nextInt(home.size()));
                    mine.prober.answer(falls.endpoint(), new Prober.Refused("no"));
                    IntStream.range(0, 3)
                            .forEach(
                                    i -> falls.outcomes().ended(falls.outcomes().began(), REFUSED));
                    sick.add(falls.endpoint());
                }
            }
        }
    }

    @Test
    void aTallyCountsWhatHappenedWhileTheyWereInTheTier() {
        List<Endpoint> tier = tier(1, 5);
        tier.replaceAll(endpoint -> endpoint.withTier("local"));
        ward.candidates(List.copyOf(tier));
        HealthView.Tally tally = ward.view.tally("local");
        ward.report(tier.get(0), OK, List.copyOf(tier));
        ward.report(tier.get(1), HTTP_503, List.copyOf(tier));
        assertThat(tally.succeeded()).isEqualTo(1);
        assertThat(tally.failed()).isEqualTo(1);
        List<Endpoint> fewer = List.copyOf(tier.subList(1, 5));
        Outcomes left = ward.look(tier.get(0), List.copyOf(tier)).outcomes();
        ward.candidates(fewer);
        left.ended(left.began(), OK); // not here any more
        assertThat(tally.succeeded()).isEqualTo(1);
        ward.candidates(List.copyOf(tier));
        assertThat(tally.succeeded()).isEqualTo(1);
        left.ended(left.began(), OK);
        assertThat(tally.succeeded()).isEqualTo(2);
        assertThat(ward.view.tally("clusterset").succeeded()).isZero();
    }

    @Test
    void aCaseIsClosedWhenAllIsWellAndForgotten() {
        List<Endpoint> tier = tier(1, 5);
        EndpointHealth endpoint = Roster.health(ward.candidates(tier).get(0));
        assertThat(endpoint.ill()).isEmpty();
        ward.report(tier.get(0), OK, tier);
        assertThat(endpoint.ill()).isEmpty();
        ward.report(tier.get(0), REFUSED, tier);
        assertThat(endpoint.ill()).isPresent();
        ward.secondsUntil(() -> ward.state(tier.get(0), tier) == State.HEALTHY);
        for (int second = 0; second < 40; second++) {
            ward.report(tier.get(1), OK, tier);
            ward.pass(1_000);
        }
        assertThat(endpoint.ill()).isEmpty();
        assertThat(ward.look(tier.get(0), tier).verdict().reason()).isEqualTo("2 probes passed");
        assertThat(endpoint.failed()).isEqualTo(1);
    }

    @Test
    void aCaseStaysOpenForTheExaminationThatIsUnderWay() {
        List<Endpoint> tier = tier(1, 2);
        ward.candidates(tier);
        ward.prober.silent(tier.get(1));
        List<String> done = new ArrayList<>();
        ward.view.probeNow(() -> done.add("all have answered"));
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.HEALTHY); // which made the pulse beat
        ward.pass(700);
        assertThat(done).hasSize(1);
        assertThat(ward.state(tier.get(1), tier)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void probesThatPassedBeforeAreNoneOfTheTwoThatBringItBack() {
        Ward always = new Ward(HealthOptions.builder().probing(Probing.ALWAYS).build());
        List<Endpoint> tier = tier(1, 5);
        Outcomes outcomes = always.candidates(tier).get(0).outcomes();
        always.pass(30_000);
        outcomes.began();
        always.pass(1_500);
        assertThat(always.state(tier.get(0), tier)).isEqualTo(State.SUSPECT); // and was probed at once
        always.pass(7_000);
        assertThat(always.look(tier.get(0), tier).verdict().reason()).isEqualTo("2 probes passed");
    }

    @Test
    void thatItIsSlowIsRememberedWhenItsCaseIsClosed() {
        List<Endpoint> tier = tier(1, 5);
        EndpointHealth endpoint = Roster.health(ward.candidates(tier).get(0));
        long slow = endpoint.began();
        ward.pass(3_000);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.SUSPECT);
        endpoint.ended(slow, OK);
        for (int second = 0; second < 40; second++) {
            ward.report(tier.get(1), OK, tier);
            ward.pass(1_000);
        }
        assertThat(endpoint.ill()).isEmpty();
        endpoint.began();
        ward.pass(5_000);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.HEALTHY);
        ward.pass(1_500);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.SUSPECT);
    }

    @Test
    void whatAServiceThatRestsStillHoldsKeepsNoCase() {
        List<Endpoint> tier = tier(1, 5);
        Candidate held = ward.candidates(tier).get(0);
        sicken(held);
        long mark = held.outcomes().began();
        ward.view.close();
        ward.pass(Duration.ofMinutes(1).toMillis());
        assertThat(ward.health.size()).isZero();
        held.outcomes().ended(mark, REFUSED); // even then
        assertThat(Roster.health(held).ill()).isEmpty();
    }

    @Test
    void countsOfManyThreadsAreExact() throws InterruptedException {
        EndpointHealth endpoint = Roster.health(ward.candidates(tier(1, 5)).get(0));
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(() -> {
                    for (int call = 0; call < 50_000; call++) {
                        endpoint.ended(endpoint.began(), OK);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(endpoint.begun()).isEqualTo(200_000);
        assertThat(endpoint.succeeded()).isEqualTo(200_000);
        assertThat(endpoint.ended()).isEqualTo(200_000);
    }

    @Test
    void aTableFindsWhatIsInIt() {
        Random random = new Random(1);
        EndpointTable<Endpoint> table = new EndpointTable<>(Function.identity());
        Set<Endpoint> expected = new HashSet<>();
        List<Endpoint> all = IntStream.range(0, 3_000)
                .mapToObj(n -> Endpoint.parse("10.0." + n / 250 + "." + n % 250 + ":" + (80 + n % 3)))
                .toList();
        for (int step = 0; step < 60_000; step++) {
            boolean grows = step % 20_000 < 10_000;
            Endpoint endpoint = all.get(random.nextInt(all.size()));
            if (expected.contains(endpoint) && (!grows || random.nextInt(4) == 0)) {
                expected.remove(endpoint);
                table.remove(endpoint);
            } else if (grows && expected.add(endpoint)) {
                table.add(endpoint);
            }
            assertThat(table.size()).isEqualTo(expected.size());
            assertThat(table.find(endpoint).isPresent()).isEqualTo(expected.contains(endpoint));
        }
        Set<Endpoint> seen = new HashSet<>();
        table.forEach(seen::add);
        assertThat(seen).isEqualTo(expected);
    }
}
