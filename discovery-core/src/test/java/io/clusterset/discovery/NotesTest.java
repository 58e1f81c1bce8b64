package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Eligibility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NotesTest {

    private static final ServiceName ORDERS = ServiceName.of("orders", "shop");
    private static final Tier LOCAL = Tier.of("local", "cluster.local");
    private static final Tier CLUSTERSET = Tier.of("clusterset", "clusterset.local");
    private static final String VIP =
            "clusterset has a single address: if that is a clusterset VIP, it may lead to home's endpoints too (DNS can't tell)";
    private static final String NOWHERE = "no other tier has an endpoint: if local fails, there is nowhere to go";

    private final List<Decider.Known> known = new ArrayList<>();
    private final List<Eligibility.Eligible> eligible = new ArrayList<>();
    private final List<Decision.Tier> decided = new ArrayList<>();

    private static Candidate candidate(String endpoint, String zone, Verdict verdict) {
        Candidate.Use use = verdict.state() == State.SUSPECT ? Candidate.Use.PASSED_OVER : Candidate.Use.IN_TURN;
        return new Candidate(
                Endpoint.parse(endpoint).withLocality(new Locality("", zone, "")), verdict, use, 1, new Untold());
    }

    private static Candidate healthy(String endpoint, String zone) {
        return candidate(endpoint, zone, Verdict.HEALTHY);
    }

    private NotesTest tier(Tier tier, int percent, boolean panic, String note, Candidate... candidates) {
        List<Endpoint> endpoints =
                Stream.of(candidates).map(Candidate::endpoint).toList();
        Resolution answer = endpoints.isEmpty()
                ? new Resolution.Empty(Duration.ZERO, Evidence.NONE)
                : new Resolution.Found(endpoints, Duration.ZERO, Evidence.NONE);
        return tier(tier, answer, percent, panic, note, candidates);
    }

    private NotesTest tier(
            Tier tier, Resolution answer, int percent, boolean panic, String note, Candidate... candidates) {
        known.add(new Decider.Known(tier, answer, 0, 0, List.of(), 0));
        List<String> notes = note.isEmpty() ? List.of() : List.of(note);
        eligible.add(new Eligibility.Eligible(List.of(candidates), List.of(), 0, notes));
        decided.add(new Decision.Tier(
                new TierView(tier.name(), answer, 0, 0, answer.endpoints(), List.of()),
                new TierLoad(tier.name(), percent, percent, 100, panic, ""),
                List.of(candidates),
                List.of()));
        return this;
    }

    private NotesTest twoRemote() {
        return tier(CLUSTERSET, 0, false, "", healthy("10.1.0.1:80", ""), healthy("10.1.0.2:80", ""));
    }

    private List<String> notes() {
        return Notes.of(ORDERS, known, eligible, decided, "a");
    }

    @Test
    void ofWhatIsWellThereIsNothingToSay() {
        tier(LOCAL, 100, false, "", healthy("10.0.0.1:80", "")).twoRemote();
        assertThat(notes()).isEmpty();
    }

    @Test
    void panicAndCallsThatFailAtOnce() {
        tier(LOCAL, 60, true, "", healthy("10.0.0.1:80", "")).twoRemote();
        assertThat(notes())
                .containsExactly(
                        "panic: the tiers together can't carry the load, so sick endpoints are used too",
                        "40 % of the calls fail at once: no tier may take more (max-load)");
    }

    @Test
    void thereIsNothingToShedWhereThereIsNobody() {
        tier(LOCAL, 0, false, "").tier(CLUSTERSET, 0, false, "");
        assertThat(notes()).isEmpty();
    }

    @Test
    void aTierThatIsSuspectPassesItsCallsOnIfThereIsSomebody() {
        Candidate suspect = candidate("10.0.0.1:80", "", new Verdict(State.SUSPECT, "connection refused"));
        tier(LOCAL, 100, false, "", suspect);
        assertThat(notes()).isEmpty();
        twoRemote();
        assertThat(notes()).containsExactly("local is suspect: its calls go on to the next tier until it is judged");
    }

    @Test
    void inPanicNobodyPassesCallsOn() {
        tier(LOCAL, 100, true, "", candidate("10.0.0.1:80", "", new Verdict(State.SUSPECT, "connection refused")));
        twoRemote();
        assertThat(notes())
                .containsExactly("panic: the tiers together can't carry the load, so sick endpoints are used too");
    }

    @Test
    void homeAloneIsSaidUnlessWhoCouldTellWasNotHeard() {
        tier(LOCAL, 100, false, "", healthy("10.0.0.1:80", "")).tier(CLUSTERSET, 0, false, "");
        assertThat(notes()).containsExactly(NOWHERE);
        known.clear();
        eligible.clear();
        decided.clear();
        Resolution silent = new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.NONE);
        tier(LOCAL, 100, false, "", healthy("10.0.0.1:80", "")).tier(CLUSTERSET, silent, 0, false, "");
        assertThat(notes()).isEmpty();
    }

    @Test
    void aLoneRemoteAddressMayLeadHomeUnlessItsClusterIsKnown() {
        tier(LOCAL, 100, false, "", healthy("10.0.0.1:80", ""))
                .tier(CLUSTERSET, 0, false, "", healthy("10.1.0.1:80", ""));
        assertThat(notes()).containsExactly(VIP);
        decided.remove(1);
        Resolution west = new Resolution.Found(
                List.of(Endpoint.parse("10.1.0.1:80").withCluster("west")), Duration.ZERO, Evidence.NONE);
        tier(CLUSTERSET, west, 0, false, "");
        assertThat(notes()).isEmpty();
    }

    @Test
    void whatLeavesTheZoneIsSaidWithWhatTopologySays() {
        tier(
                        LOCAL,
                        100,
                        false,
                        "zone a can't carry it",
                        healthy("10.0.0.1:80", "a"),
                        healthy("10.0.0.2:80", "b"),
                        healthy("10.0.0.3:80", "b"),
                        candidate("10.0.0.4:80", "a", new Verdict(State.SUSPECT, "refused")))
                .twoRemote();
        assertThat(notes())
                .containsExactly(
                        "local: zone a can't carry it",
                        "local: 67 % of its calls leave zone a, where 2 of 2 are healthy");
    }

    @Test
    void whereAllStaysNothingLeaves() {
        tier(LOCAL, 100, false, "zone a may be left", healthy("10.0.0.1:80", "a"))
                .twoRemote();
        assertThat(notes()).containsExactly("local: zone a may be left");
    }

    @Test
    void withoutANoteOfTopologysNoneLeaves() {
        tier(LOCAL, 100, false, "", healthy("10.0.0.1:80", "a"), healthy("10.0.0.2:80", "b"))
                .twoRemote();
        assertThat(notes()).isEmpty();
    }

    @Test
    void portsThatDnsCantTranslate() {
        tier(LOCAL, 100, false, "", healthy("10.0.0.1:80", ""));
        twoRemote();
        Resolution pods =
                new Resolution.Found(List.of(unported("10.0.0.1"), unported("10.0.0.2")), Duration.ZERO, Evidence.NONE);
        Resolution twice = new Resolution.Found(
                List.of(unported("10.0.0.1"), unported("[fd00::1]")), Duration.ZERO, Evidence.NONE);
        assertThat(untranslated(ORDERS, LOCAL, pods))
                .containsExactly("local has several addresses and DNS can't translate a Service's port for pods: "
                        + "name the port (orders.shop:NAME) if theirs is another");
        assertThat(untranslated(ORDERS.withPort(Port.parse("http")), LOCAL, pods))
                .isEmpty();
        assertThat(untranslated(ORDERS, LOCAL.withPort(8080), pods)).isEmpty();
        assertThat(untranslated(ORDERS, LOCAL, twice)).as("one of each family").isEmpty();
    }

    private List<String> untranslated(ServiceName name, Tier tier, Resolution answer) {
        List<Decider.Known> tiers = List.of(new Decider.Known(tier, answer, 0, 0, List.of(), 0), known.get(1));
        return Notes.of(name, tiers, eligible, decided, "");
    }

    private static Endpoint unported(String address) {
        return Endpoint.parse(address + ":1").withPort(0);
    }
}
