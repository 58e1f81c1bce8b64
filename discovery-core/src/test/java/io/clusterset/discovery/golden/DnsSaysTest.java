package io.clusterset.discovery.golden;

import static io.clusterset.discovery.golden.Wire.CLUSTERSET;
import static io.clusterset.discovery.golden.Wire.LOCAL;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DNS says, over sockets. */
class DnsSaysTest {

    private final FakeDnsServer dns = FakeDnsServer.start();

    @AfterEach
    void close() {
        dns.close();
    }

    private Explanation explained(String name) throws Exception {
        try (Wire wire = Wire.of(dns)) {
            return wire.explained(name);
        }
    }

    @Test
    void nobodyServesTheClustersetsZone() throws Exception {
        dns.serving("cluster.local", ".");
        dns.service(LOCAL, "10.96.12.7");
        Golden.of("zone-not-served", explained("orders.shop"))
                .cause("the zone clusterset.local is not served by 10.96.0.10")
                .evidence("no such name (NXDOMAIN)", "the answer came from the root zone")
                .next("clusterset", "asked again within");
    }

    @Test
    void nothingAtHomeAndFoundElsewhere() throws Exception {
        dns.on(LOCAL).nodata();
        dns.service(CLUSTERSET, "10.245.1.3", "10.245.2.8");
        Golden.of("nodata-at-home", explained("orders.shop"))
                .cause("local", "0 %", "no endpoint (empty")
                .evidence("answer    empty (NOERROR) from 10.96.0.10")
                .next("asked again within");
    }

    @Test
    void noTierHasTheName() throws Exception {
        Golden.of("no-such-name", explained("orders.shop"))
                .cause("orders.shop: no endpoint in any tier")
                .evidence("answer    no such name (NXDOMAIN) from 10.96.0.10")
                .next("asked again within");
    }

    @Test
    void everyAddressIsALoopbackAddress() throws Exception {
        dns.service(LOCAL, "127.0.0.1");
        dns.service(CLUSTERSET, "10.245.1.3", "10.245.2.8");
        Golden.of("dropped-loopback", explained("orders.shop"))
                .cause("every address was dropped: loopback address from DNS", "discovery.dns.allow-addresses")
                .evidence("left out  127.0.0.1: loopback address from DNS")
                .next("asked again within");
    }

    @Test
    void noPortOfThatName() throws Exception {
        dns.service(LOCAL, "10.96.12.7");
        dns.srvService(CLUSTERSET, "http", "10.245.1.3:8080", "10.245.2.8:8080");
        Golden.of("port-name-not-served", explained("orders.shop:http"))
                .cause("port name http not served")
                .evidence("_http._tcp.orders.shop.svc.cluster.local. SRV")
                .next("asked again within");
    }

    @Test
    void anAliasToTheOutside() throws Exception {
        dns.on(LOCAL).cname("orders.example.com");
        Golden.of("external-name", explained("orders.shop"))
                .cause("an alias (ExternalName) of orders.example.com")
                .evidence("answer    empty (NOERROR) from 10.96.0.10")
                .next("asked again within");
    }

    @Test
    void cutShortAndNoTcp() throws Exception {
        String[] many =
                IntStream.range(0, 60).mapToObj(i -> "10.244.9." + (i + 1)).toArray(String[]::new);
        dns.on(LOCAL, A).answer(many).truncate(3);
        dns.on(LOCAL, AAAA).nodata();
        dns.refuseTcp();
        dns.service(CLUSTERSET, "10.245.1.3", "10.245.2.8");
        Golden.of("truncated", explained("orders.shop"))
                .cause("truncated, and TCP did not complete it")
                .evidence("answer    found", "10.96.0.10")
                .next("asked again within");
    }

    @Test
    void oneAddressAtATime() throws Exception {
        dns.service(LOCAL, Duration.ofMinutes(1), "10.96.12.7"); // not asked again meanwhile
        dns.on(CLUSTERSET, A)
                .answer("10.1.0.1")
                .then()
                .answer("10.2.0.1")
                .then()
                .answer("10.3.0.1")
                .startingOver();
        dns.on(CLUSTERSET, AAAA).nodata();
        try (Wire wire = Wire.of(dns)) {
            wire.explained("orders.shop");
            for (int i = 0; i < 2; i++) {
                wire.time.advance(Duration.ofMillis(4_500));
                int known = i + 2;
                wire.await(event -> event instanceof Event.Answered answered
                        && answered.tier().equals("clusterset")
                        && answered.resolution().endpoints().size() == known);
                wire.settle();
            }
            wire.time.advance(Duration.ofMillis(500));
            Golden.of("accumulating", wire.explained("orders.shop"))
                    .ageless()
                    .cause("one address per answer: they are added up")
                    .evidence("endpoint  10.3.0.1:80")
                    .next("asked again within");
        }
    }

    @Test
    void restartedWhileDnsIsSilent(@TempDir Path directory) throws Exception {
        dns.service(LOCAL, "10.96.12.7");
        dns.service(CLUSTERSET, "10.245.1.3", "10.245.2.8");
        try (Wire before = new Wire(dns, b -> b.cache(c -> c.snapshotDirectory(directory)))) {
            before.explained("orders.shop");
        }
        dns.silence();
        try (Wire after = new Wire(dns, b -> b.cache(c -> c.snapshotDirectory(directory)))) {
            Golden.of("warm-start", after.explained("orders.shop"))
                    .cause("from before the restart, found 1 s ago")
                    .evidence("answer    unknown", "stale endpoints kept")
                    .next("being asked now");
        }
    }

    @Test
    void moreQuestionsThanTheBudgetAllows() throws Exception {
        dns.service(LOCAL, "10.96.12.7");
        dns.service(CLUSTERSET, "10.245.1.3", "10.245.2.8");
        try (Wire wire = Wire.of(dns)) {
            wire.explained("orders.shop");
            Service orders = wire.discovery.service("orders.shop");
            dns.silence(); // the made-up names' answers would push what happened here out of the log
            for (int i = 0; i < 310; i++) {
                wire.discovery.service("made-up-" + i + ".shop");
            }
            wire.await(event -> event instanceof Event.Limit);
            Golden.of("query-budget", orders.explain())
                    .cause("100 queries a second (600 at once) are used up")
                    .evidence("found before go first")
                    .next("asked again");
        }
    }
}
