package io.clusterset.discovery.realservers;

import static io.clusterset.discovery.realservers.Zones.CLUSTERSET;
import static io.clusterset.discovery.realservers.Zones.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that fail to load a zone, die and come back, under callers who must not notice. */
class FailuresIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private static final List<String> BEFORE = List.of("10.1.0.1", "10.1.0.2", "10.1.0.3");
    private static final List<String> AFTER = List.of("10.1.0.11", "10.1.0.12", "10.1.0.13", "10.1.0.14");

    private static Zones zones(List<String> local) {
        return Zones.both().with(LOCAL, "orders", 1, local).with(CLUSTERSET, "orders", 1, List.of("10.2.0.1"));
    }

    private static Set<String> local(Service service) {
        return service.endpoints().stream()
                .filter(endpoint -> endpoint.tier().equals("local"))
                .map(endpoint -> endpoint.address().getHostAddress())
                .collect(Collectors.toSet());
    }

    private static Resolution home(Service service) {
        return service.snapshot().tiers().get(0).resolution();
    }

    private static void awaitStale(Service service) throws InterruptedException {
        Await.until(
                LONG_ENOUGH,
                () -> home(service).stale(),
                () -> service.explain().toString());
    }

    private static void awaitLocal(Service service, List<String> addresses) throws InterruptedException {
        Await.until(
                LONG_ENOUGH,
                () -> local(service).equals(Set.copyOf(addresses)),
                () -> service.explain().toString());
    }

    private static void smooth(Callers.Report report) {
        assertThat(report.errors()).isEmpty();
        assertThat(report.tiers()).containsOnlyKeys("local");
        assertThat(report.waited()).as("calls that waited: %s", report).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "UNBOUND", mode = EnumSource.Mode.EXCLUDE)
    void aColdCallerIsSentToTheNextTierWhenHomesZoneDidNotLoad(RealDns.Kind kind) throws Exception {
        try (RealDns dns = RealDns.start(kind, zones(BEFORE).broken(LOCAL));
                Discovery discovery = dns.discovery().build()) {
            Service orders = discovery.service("orders.shop");
            Attempt attempt = orders.next();
            assertThat(attempt.succeeded(attempt.endpoint()).tier()).isEqualTo("clusterset");
            assertThat(home(orders)).isInstanceOf(Resolution.Unknown.class);
            assertThat(orders.explain().toString())
                    .contains("answer    unknown (SERVFAIL): SERVFAIL from 127.0.0.1:"
                            + dns.address().getPort());
            dns.stopAndExpectOnlyOurNames();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "UNBOUND", mode = EnumSource.Mode.EXCLUDE)
    void aWarmServiceStaysWhenItsZoneNoLongerLoads(RealDns.Kind kind) throws Exception {
        Queue<Event> events = new ConcurrentLinkedQueue<>();
        try (RealDns dns = RealDns.start(kind, zones(BEFORE));
                Discovery discovery = dns.discovery().listener(events::add).build()) {
            Service orders = discovery.service("orders.shop");
            awaitLocal(orders, BEFORE);
            Callers callers = Callers.of(orders);
            dns.restart(zones(BEFORE).broken(LOCAL));
            Await.until(
                    LONG_ENOUGH,
                    () -> home(orders).evidence().rcode().equals("SERVFAIL"),
                    () -> orders.explain().toString());
            smooth(callers.stop());
            assertThat(local(orders)).containsExactlyInAnyOrderElementsOf(BEFORE);
            assertThat(loadsOf(events)).containsOnly(100);
            dns.stopAndExpectOnlyOurNames();
        }
    }

    /** The cache says SERVFAIL for them. */
    @ParameterizedTest
    @EnumSource(names = "UNBOUND")
    void aCacheWhoseServersAreDeadMovesNothingThatIsWarm(RealDns.Kind kind) throws Exception {
        Queue<Event> events = new ConcurrentLinkedQueue<>();
        try (RealDns dns = RealDns.start(kind, zones(BEFORE));
                Discovery discovery = dns.discovery().listener(events::add).build()) {
            Service orders = discovery.service("orders.shop");
            awaitLocal(orders, BEFORE);
            Callers callers = Callers.of(orders);
            dns.killAuthority();
            Await.until(
                    LONG_ENOUGH,
                    () -> home(orders).evidence().rcode().equals("SERVFAIL"),
                    () -> orders.explain().toString());
            smooth(callers.stop());
            assertThat(local(orders)).containsExactlyInAnyOrderElementsOf(BEFORE);
            assertThat(loadsOf(events)).containsOnly(100);
            dns.stopAndExpectOnlyOurNames();
        }
    }

    private static List<Integer> loadsOf(Queue<Event> events) {
        return events.stream()
                .filter(Event.LoadChanged.class::isInstance)
                .map(event -> ((Event.LoadChanged) event).loads().get(0).percent())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void aKilledServerThatComesBackWithAnotherZoneCostsNoCall(RealDns.Kind kind) throws Exception {
        try (RealDns dns = RealDns.start(kind, zones(BEFORE));
                Discovery discovery = dns.discovery().build()) {
            Service orders = discovery.service("orders.shop");
            awaitLocal(orders, BEFORE);
            Callers callers = Callers.of(orders);
            dns.kill();
            awaitStale(orders);
            dns.restart(zones(AFTER));
            awaitLocal(orders, AFTER);
            Await.pause(Duration.ofSeconds(1)); // the callers go there
            Callers.Report report = callers.stop();
            smooth(report);
            assertThat(report.addresses().keySet()).containsAll(AFTER);
            assertThat(orders.endpoints()).extracting(Endpoint::tier).contains("clusterset");
            dns.stopAndExpectOnlyOurNames();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "UNBOUND")
    void behindACacheTooAServerMayDieAndComeBack(RealDns.Kind kind) throws Exception {
        try (RealDns dns = RealDns.start(kind, zones(BEFORE));
                Discovery discovery = dns.discovery().build()) {
            Service orders = discovery.service("orders.shop");
            awaitLocal(orders, BEFORE);
            Callers callers = Callers.of(orders);
            dns.killAuthority();
            awaitStale(orders);
            dns.restartAuthority(zones(AFTER));
            awaitLocal(orders, AFTER);
            smooth(callers.stop());
            dns.stopAndExpectOnlyOurNames();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatLeavesTheZoneLeavesTheService(RealDns.Kind kind) throws Exception {
        try (RealDns dns = RealDns.start(kind, zones(BEFORE));
                Discovery discovery = dns.discovery().build()) {
            Service orders = discovery.service("orders.shop");
            awaitLocal(orders, BEFORE);
            List<String> fewer = BEFORE.subList(0, 2);
            dns.restart(zones(fewer));
            awaitLocal(orders, fewer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFleetThatShrinksToOneIsBelieved(RealDns.Kind kind) throws Exception {
        List<String> fleet = Zones.addresses(11, 8);
        try (RealDns dns = RealDns.start(kind, zones(fleet));
                Discovery discovery = dns.discovery().build()) {
            Service orders = discovery.service("orders.shop");
            awaitLocal(orders, fleet);
            Callers callers = Callers.of(orders);
            dns.restart(zones(fleet.subList(0, 1)));
            awaitLocal(orders, fleet.subList(0, 1));
            smooth(callers.stop());
            dns.stopAndExpectOnlyOurNames();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatLeavesHomesZoneIsCalledInTheNextTier(RealDns.Kind kind) throws Exception {
        try (RealDns dns = RealDns.start(kind, zones(BEFORE));
                Discovery discovery = dns.discovery().build()) {
            Service orders = discovery.service("orders.shop");
            Await.until(
                    LONG_ENOUGH,
                    () -> orders.endpoints().size() == BEFORE.size() + 1,
                    () -> orders.explain().toString());
            Callers callers = Callers.of(orders);
            dns.restart(zones(List.of()));
            Await.until(
                    LONG_ENOUGH,
                    () -> orders.decision().mostLoaded().equals("clusterset"),
                    () -> orders.explain().toString());
            assertThat(home(orders)).isInstanceOf(Resolution.NoSuchName.class);
            assertThat(callers.stop().errors()).isEmpty();
            dns.stopAndExpectOnlyOurNames();
        }
    }

    @Test
    void ofTwoServersTheOneThatKnowsIsBelieved() throws Exception {
        try (RealDns lost = RealDns.start(RealDns.Kind.KNOT, zones(BEFORE).broken(LOCAL));
                RealDns sound = RealDns.start(RealDns.Kind.BIND, zones(BEFORE));
                Discovery discovery = lost.discovery()
                        .dns(dns -> dns.nameservers(List.of(lost.address(), sound.address())))
                        .build()) {
            Service orders = discovery.service("orders.shop");
            assertThat(orders.next().endpoint().tier()).isEqualTo("local");
            lost.kill();
            Service again = discovery.service("orders.shop:8080");
            assertThat(again.next().endpoint().tier()).isEqualTo("local");
            sound.stopAndExpectOnlyOurNames();
        }
    }

    /** Without this, callers without errors would prove nothing. */
    @Test
    void callersWouldNoticeIfNothingWereRemembered() throws Exception {
        try (RealDns dns = RealDns.start(RealDns.Kind.BIND, zones(BEFORE));
                Discovery discovery = dns.discovery()
                        .cache(cache -> cache.staleFor(Duration.ZERO))
                        .build()) {
            Service orders = discovery.service("orders.shop");
            awaitLocal(orders, BEFORE);
            Callers callers = Callers.of(orders);
            dns.kill();
            Await.until(
                    LONG_ENOUGH,
                    () -> orders.endpoints().isEmpty(),
                    () -> orders.explain().toString());
            Await.pause(Duration.ofMillis(200));
            assertThat(callers.stop().errors()).isNotEmpty();
        }
    }
}
