package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Pick;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.Wish;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.NoSuchServiceException;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.observe.Figures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that choose first and call later, if at all, and say what they wish. */
class PickStoryTest {

    private static final Outcome REFUSED = new Outcome.FailedHard("connection refused", false);
    private static final String[] LOCAL = {"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"};
    private static final String[] REMOTE = {"10.1.0.1:80", "10.1.0.2:80"};
    private static final int MANY = 100;

    /** Probes pass or fail, as they do at once in this world, or never end. */
    private final AtomicBoolean silent = new AtomicBoolean();

    private final World world = new World(builder -> builder.prober(this::probe));
    private final Service orders = world.orders();

    PickStoryTest() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found(REMOTE));
        world.pass(1_000);
    }

    @AfterEach
    void leavesNothingBehind() {
        world.close();
        assertThat(world.time.pending()).isZero();
    }

    private void probe(InetSocketAddress address, Duration timeout, Consumer<Prober.Result> done) {
        if (!silent.get()) {
            done.accept(world.down.contains(address) ? new Prober.Refused("connection refused") : new Prober.Passed());
        }
    }

    /** Nobody knows yet whether it is down. */
    private void suspect(String authority) {
        silent.set(true);
        orders.report(at(authority), REFUSED);
        world.pass(50);
        assertThat(state(authority)).contains(Verdict.State.SUSPECT);
    }

    private static InetSocketAddress at(String authority) {
        return Endpoint.parse(authority).socketAddress();
    }

    private static Set<InetSocketAddress> all(String... authorities) {
        return Stream.of(authorities).map(PickStoryTest::at).collect(Collectors.toSet());
    }

    private String picked(Wish wish) {
        return orders.pick(wish).endpoint().authority();
    }

    /** All that a wish ever leads to. */
    private Set<String> met(Wish wish) {
        return IntStream.range(0, MANY).mapToObj(i -> picked(wish)).collect(Collectors.toSet());
    }

    private Set<String> tiers(Wish wish) {
        return IntStream.range(0, MANY)
                .mapToObj(i -> orders.pick(wish).endpoint().tier())
                .collect(Collectors.toSet());
    }

    private Optional<Verdict.State> state(String authority) {
        return orders.verdict(at(authority)).map(Verdict::state);
    }

    private Figures.Attempts attempts(String tier) {
        return world.discovery.figures().services().get(0).tiers().stream()
                .filter(one -> one.tier().equals(tier))
                .findFirst()
                .orElseThrow()
                .attempts();
    }

    @Test
    void withoutAWishItIsWhoseverTurnItIs() {
        assertThat(met(Wish.none())).containsExactlyInAnyOrder(LOCAL);
        assertThat(Wish.none()).isEqualTo(new Wish(Optional.empty(), Optional.empty(), Set.of(), Optional.empty()));
    }

    @Test
    void whoIsPreferredIsKeptWhileNothingIsHeldAgainstIt() {
        Wish wish = Wish.none().preferring(at("10.0.0.3:80"));
        assertThat(met(wish)).containsExactly("10.0.0.3:80");
        world.pass(600_000);
        assertThat(met(wish)).containsExactly("10.0.0.3:80");
    }

    @Test
    void whoIsPreferredIsKeptInATierWithoutLoad() {
        assertThat(met(Wish.none().preferring(at("10.1.0.2:80")))).containsExactly("10.1.0.2:80");
    }

    @Test
    void whoIsPreferredAndSuspectIsLeft() {
        suspect("10.0.0.3:80");
        assertThat(met(Wish.none().preferring(at("10.0.0.3:80"))))
                .containsExactlyInAnyOrder("10.0.0.1:80", "10.0.0.2:80", "10.0.0.4:80");
    }

    @Test
    void whoIsPreferredAndUnhealthyIsLeftAndComeBackToWhenItIsWell() {
        Wish wish = Wish.none().preferring(at("10.0.0.3:80"));
        world.kill("10.0.0.3:80");
        for (int i = 0; i < 3; i++) {
            orders.report(at("10.0.0.3:80"), REFUSED);
        }
        world.pass(200);
        assertThat(state("10.0.0.3:80")).contains(Verdict.State.UNHEALTHY);
        assertThat(met(wish)).containsExactlyInAnyOrder("10.0.0.1:80", "10.0.0.2:80", "10.0.0.4:80");
        world.down.clear();
        for (int second = 0; second < 300; second++) {
            world.pass(1_000);
            world.call(orders);
        }
        assertThat(met(wish)).containsExactly("10.0.0.3:80");
    }

    @Test
    void whoIsPreferredAndNotKnownIsNobody() {
        assertThat(met(Wish.none().preferring(at("10.0.0.9:80")))).containsExactlyInAnyOrder(LOCAL);
        assertThat(met(Wish.none().preferring(at("10.0.0.1:81")))).containsExactlyInAnyOrder(LOCAL);
        assertThat(met(Wish.none().preferring(InetSocketAddress.createUnresolved("10.0.0.1", 80))))
                .containsExactlyInAnyOrder(LOCAL);
    }

    @Test
    void whoIsPreferredAndGoneIsLeft() {
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80", "10.0.0.4:80"));
        world.pass(6_000);
        assertThat(met(Wish.none().preferring(at("10.0.0.3:80"))))
                .containsExactlyInAnyOrder("10.0.0.1:80", "10.0.0.2:80", "10.0.0.4:80");
    }

    @Test
    void aKeyHasItsEndpoint() {
        Set<String> used = new HashSet<>();
        for (int key = 0; key < 40; key++) {
            Wish wish = Wish.none().affinity(Affinity.of("customer-" + key));
            Set<String> met = met(wish);
            assertThat(met).hasSize(1);
            assertThat(met)
                    .containsExactly(orders.next(Affinity.of("customer-" + key))
                            .endpoint()
                            .authority());
            used.addAll(met);
        }
        assertThat(used).containsExactlyInAnyOrder(LOCAL);
    }

    @Test
    void whoIsPreferredGoesBeforeTheKeyWhichHoldsWhenItIsLeft() {
        Affinity key = Affinity.of("customer");
        String byKey = picked(Wish.none().affinity(key));
        String other = Stream.of(LOCAL)
                .filter(local -> !local.equals(byKey))
                .findFirst()
                .orElseThrow();
        Wish both = Wish.none().affinity(key).preferring(at(other));
        assertThat(met(both)).containsExactly(other);
        suspect(other);
        assertThat(met(both)).containsExactly(picked(Wish.none().affinity(key)));
    }

    @Test
    void whatWasTriedIsNotPickedWhileThereIsAnother() {
        assertThat(met(Wish.none().after(all("10.0.0.1:80"))))
                .containsExactlyInAnyOrder("10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        assertThat(met(Wish.none().after(all("10.0.0.1:80", "10.0.0.2:80", "10.0.0.4:80"))))
                .containsExactly("10.0.0.3:80");
        assertThat(met(Wish.none().after(all(LOCAL)))).containsExactlyInAnyOrder(REMOTE);
        Set<InetSocketAddress> allButOne = all(LOCAL);
        allButOne.add(at("10.1.0.1:80"));
        assertThat(met(Wish.none().after(allButOne))).containsExactly("10.1.0.2:80");
    }

    @Test
    void evenSomebodySuspectIsPickedBeforeWhatWasTried() {
        suspect("10.1.0.2:80");
        Set<InetSocketAddress> allButOne = all(LOCAL);
        allButOne.add(at("10.1.0.1:80"));
        assertThat(met(Wish.none().after(allButOne))).containsExactly("10.1.0.2:80");
    }

    @Test
    void whatWasTriedGoesBeforePreferenceAndKey() {
        Affinity key = Affinity.of("customer");
        String byKey = picked(Wish.none().affinity(key));
        assertThat(met(Wish.none().preferring(at(byKey)).affinity(key).after(all(byKey))))
                .isNotEmpty()
                .doesNotContain(byKey);
    }

    @Test
    void whereEverythingWasTriedItIsAsIfNothingHadBeen() {
        Set<InetSocketAddress> all = all(LOCAL);
        all.addAll(all(REMOTE));
        assertThat(met(Wish.none().after(all))).containsExactlyInAnyOrder(LOCAL);
        assertThat(tiers(Wish.none().after(all).leaving("local")))
                .as("nothing to leave, then")
                .containsExactly("local");
        Affinity key = Affinity.of("customer");
        assertThat(met(Wish.none().after(all).affinity(key)))
                .containsExactly(picked(Wish.none().affinity(key)));
    }

    @Test
    void aTierIsLeftAfterSomethingWasTried() {
        Wish wish = Wish.none().leaving("local");
        assertThat(tiers(wish)).as("nothing was tried").containsExactly("local");
        assertThat(tiers(wish.after(all("10.0.0.1:80")))).containsExactly("clusterset");
        assertThat(tiers(Wish.none().after(all("10.0.0.1:80")))).containsExactly("local");
        assertThat(tiers(Wish.none().after(all("10.0.0.1:80")).leaving("clusterset")))
                .containsExactly("local");
    }

    @Test
    void aTierIsNotLeftForWhoIsNotWorthTrying() {
        world.kill(REMOTE);
        for (String remote : REMOTE) {
            for (int i = 0; i < 3; i++) {
                orders.report(at(remote), REFUSED);
            }
        }
        world.pass(200);
        assertThat(met(Wish.none().after(all("10.0.0.1:80")).leaving("local")))
                .containsExactlyInAnyOrder("10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        assertThat(tiers(Wish.none().after(all(LOCAL)).leaving("clusterset"))).containsExactly("clusterset");
    }

    /** A client may choose and never call. */
    @Test
    void nothingIsCountedBeforeItBegins() {
        Wish tried = Wish.none().after(all("10.0.0.1:80"));
        Optional<Verdict> before = orders.verdict(at("10.0.0.3:80"));
        for (int i = 0; i < MANY; i++) {
            orders.pick(Wish.none());
            orders.pick(Wish.none().preferring(at("10.0.0.3:80")));
            orders.pick(tried);
        }
        world.pass(5_000); // an attempt as old as that would make its endpoint suspect
        assertThat(attempts("local")).isEqualTo(Figures.Attempts.NONE);
        assertThat(orders.verdict(at("10.0.0.3:80"))).isPresent().isEqualTo(before);
    }

    @Test
    void eachBeginningIsOneAttempt() {
        Pick pick = orders.pick(Wish.none().preferring(at("10.0.0.3:80")));
        try (Attempt first = pick.begin();
                Attempt second = pick.begin()) {
            assertThat(first).isNotSameAs(second);
            assertThat(first.endpoint()).isEqualTo(pick.endpoint());
            assertThat(attempts("local")).isEqualTo(new Figures.Attempts(2, 0, 0, 0, 0, 0));
            first.succeeded();
            assertThat(attempts("local")).isEqualTo(new Figures.Attempts(2, 1, 0, 0, 0, 0));
            second.report(new Outcome.FailedSoft("HTTP 503"));
        }
        assertThat(attempts("local")).isEqualTo(new Figures.Attempts(2, 1, 0, 1, 0, 0));
        pick.begin().close();
        assertThat(attempts("local")).isEqualTo(new Figures.Attempts(3, 1, 0, 1, 0, 1));
        assertThat(attempts("clusterset")).isEqualTo(Figures.Attempts.NONE);
    }

    @Test
    void healthHearsOfIt() {
        Pick pick = orders.pick(Wish.none().after(all("10.0.0.1:80", "10.0.0.2:80", "10.0.0.4:80")));
        assertThat(pick.endpoint().authority()).isEqualTo("10.0.0.3:80");
        Verdict before = pick.verdict();
        assertThat(before.countsAsHealthy()).isTrue();
        silent.set(true);
        pick.begin().report(REFUSED);
        world.pass(50);
        assertThat(state("10.0.0.3:80")).contains(Verdict.State.SUSPECT);
        assertThat(pick.verdict()).as("as it was picked").isEqualTo(before);
        assertThat(pick).hasToString("pick of local 10.0.0.3:80");
    }

    @Test
    void aWishKeepsWhatItWasGivenAndNotTheSet() {
        Set<InetSocketAddress> tried = all("10.0.0.1:80");
        Affinity key = Affinity.of("customer");
        Wish wish = Wish.none()
                .affinity(key)
                .preferring(at("10.0.0.2:80"))
                .after(tried)
                .leaving("local");
        tried.clear();
        Wish expected =
                new Wish(Optional.of(key), Optional.of(at("10.0.0.2:80")), all("10.0.0.1:80"), Optional.of("local"));
        assertThat(wish).isEqualTo(expected);
        assertThat(Wish.none()
                        .leaving("local")
                        .after(all("10.0.0.1:80"))
                        .preferring(at("10.0.0.2:80"))
                        .affinity(key))
                .isEqualTo(expected);
        assertThatThrownBy(() -> wish.tried().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(Wish.none().tried()).isEmpty();
    }

    @Test
    void withNobodyToPickItSaysWhyWhateverIsWished() {
        Set<InetSocketAddress> tried = all("10.0.0.1:80");
        try (World bare = new World()) {
            bare.local.says(World.empty());
            bare.clusterset.says(World.empty());
            Service nobody = bare.orders();
            assertThatThrownBy(() -> nobody.pick(Wish.none())).isInstanceOf(NoEndpointException.class);
            assertThatThrownBy(() -> nobody.pick(Wish.none().after(tried))).isInstanceOf(NoEndpointException.class);
            assertThatThrownBy(() -> nobody.pick(Wish.none().preferring(at("10.0.0.1:80"))))
                    .isInstanceOf(NoEndpointException.class);
        }
        try (World bare = new World()) {
            bare.local.says(World.noSuchName());
            bare.clusterset.says(World.noSuchName());
            assertThatThrownBy(() -> bare.orders().pick(Wish.none())).isInstanceOf(NoSuchServiceException.class);
        }
        try (World bare = new World()) {
            bare.local.says(World.servfail());
            bare.clusterset.says(World.servfail());
            assertThatThrownBy(() -> bare.orders().pick(Wish.none())).isInstanceOf(ResolutionException.class);
        }
    }

    @Test
    void closedItSaysSoWhateverIsWished() {
        Pick late = orders.pick(Wish.none());
        world.close();
        Stream.of(
                        Wish.none(),
                        Wish.none().affinity(Affinity.of("customer")),
                        Wish.none().preferring(at("10.0.0.3:80")),
                        Wish.none().after(all("10.0.0.1:80")).leaving("local"))
                .forEach(wish -> assertThatThrownBy(() -> orders.pick(wish))
                        .isInstanceOf(DiscoveryException.class)
                        .hasMessageContaining("the discovery was closed"));
        late.begin().succeeded(); // who chose before may still call
    }

    @Test
    void aPickUsesTheService() {
        for (int minute = 0; minute < 60; minute++) {
            world.pass(60_000);
            orders.pick(Wish.none().preferring(at("10.0.0.3:80")));
        }
        assertThat(world.local.watches()).isEqualTo(1);
    }

    @Test
    void aSelectionPicksOfItsOwn() {
        Service canary =
                orders.selecting("canary", endpoint -> endpoint.authority().matches("10\\.0\\.0\\.[12]:80"));
        world.pass(1_000);
        assertThat(canary.pick(Wish.none().preferring(at("10.0.0.2:80")))
                        .endpoint()
                        .authority())
                .isEqualTo("10.0.0.2:80");
        Wish other = Wish.none().preferring(at("10.0.0.3:80"));
        assertThat(IntStream.range(0, MANY)
                        .mapToObj(i -> canary.pick(other).endpoint().authority()))
                .containsOnly("10.0.0.1:80", "10.0.0.2:80");
    }
}
