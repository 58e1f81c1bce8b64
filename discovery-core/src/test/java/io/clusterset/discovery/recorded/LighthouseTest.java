package io.clusterset.discovery.recorded;

import static io.clusterset.discovery.recorded.Expected.empty;
import static io.clusterset.discovery.recorded.Expected.found;
import static io.clusterset.discovery.recorded.Expected.noSuchName;
import static io.clusterset.discovery.recorded.Expected.unknown;
import static io.clusterset.discovery.recorded.Row.row;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static io.clusterset.discovery.testkit.RecordType.SRV;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.Rcode;
import io.clusterset.discovery.testkit.Srv;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What Submariner's Lighthouse says of clusterset.local. There is no recording of it: the answers are built from its rules. */
class LighthouseTest {

    private static final String ORDERS = "orders.shop.svc.clusterset.local";
    private static final String HTTP = "_http._tcp." + ORDERS;

    @TestFactory
    Stream<DynamicTest> situations() {
        return Stream.of(
                row(
                        "unknown service: NXDOMAIN without SOA",
                        ORDERS,
                        replay -> replay.dns.on(ORDERS).nxdomain().withoutSoa(),
                        noSuchName().freshFor(5)),
                row(
                        "known, no usable cluster: NODATA without SOA",
                        ORDERS,
                        replay -> replay.dns.on(ORDERS).nodata().withoutSoa(),
                        empty().freshFor(5)),
                row(
                        "known, no usable cluster, named port: NODATA without SOA",
                        HTTP,
                        replay -> {
                            replay.dns.on(HTTP, SRV).nodata().withoutSoa();
                            replay.dns.on(ORDERS).nodata().withoutSoa();
                        },
                        empty().freshFor(5)),
                row(
                        "unknown service, named port",
                        HTTP,
                        replay -> {
                            replay.dns.on(HTTP, SRV).nxdomain().withoutSoa();
                            replay.dns.on(ORDERS).nxdomain().withoutSoa();
                        },
                        noSuchName().freshFor(5)),
                row(
                        "ClusterIP kind: one address, AAAA is NODATA without SOA",
                        ORDERS,
                        ipv4("10.96.0.1"),
                        found("10.96.0.1:0").freshFor(5)),
                row(
                        "dual stack",
                        ORDERS,
                        replay -> replay.dns.service(ORDERS, "10.96.0.1", "fd00:10:96::1"),
                        found("10.96.0.1:0", "[fd00:10:96::1]:0").freshFor(5)),
                row(
                        "ttl 0",
                        ORDERS,
                        replay -> replay.dns.service(ORDERS, Duration.ZERO, "10.96.0.1"),
                        found("10.96.0.1:0").freshFor(0)),
                row(
                        "a type it does not know: NOTIMP",
                        ORDERS,
                        replay -> replay.dns.on(ORDERS).rcode(Rcode.NOTIMP),
                        unknown("NOTIMP").saying("NOTIMP from")),
                row(
                        "another zone: NOTZONE",
                        ORDERS,
                        replay -> replay.dns.on(ORDERS).rcode(Rcode.NOTZONE),
                        unknown("NOTZONE").saying("NOTZONE from")),
                row(
                        "NOTIMP to AAAA only: it never had any, so nothing is missing",
                        ORDERS,
                        ipv4("10.96.0.1")
                                .andThen(replay -> replay.dns.on(ORDERS, AAAA).rcode(Rcode.NOTIMP)),
                        found("10.96.0.1:0").freshFor(5)),
                row(
                        "cluster.svc is answered: exactly that name",
                        "east." + ORDERS,
                        replay -> replay.dns.service("east." + ORDERS, "10.96.0.1"),
                        found("10.96.0.1:0").freshFor(5)),
                row(
                        "headless: the union of all clusters",
                        ORDERS,
                        ipv4("10.1.0.1", "10.1.0.2", "10.2.0.1"),
                        found("10.1.0.1:0", "10.1.0.2:0", "10.2.0.1:0").freshFor(5)),
                row(
                        "SRV of the ClusterIP kind: weight 50, no additional section",
                        HTTP,
                        ipv4("10.96.0.1")
                                .andThen(replay -> replay.dns
                                        .on(HTTP, SRV)
                                        .srv(Srv.to(ORDERS, 80).withWeight(50))),
                        found("10.96.0.1:80").freshFor(5)),
                row(
                        "SRV of the headless kind: the targets name their clusters",
                        HTTP,
                        replay -> {
                            replay.dns
                                    .on(HTTP, SRV)
                                    .srv(
                                            Srv.to("db-0.east." + ORDERS, 8080).withWeight(50),
                                            Srv.to("db-0.west." + ORDERS, 8080).withWeight(50));
                            replay.dns.service("db-0.east." + ORDERS, "10.1.0.1");
                            replay.dns.service("db-0.west." + ORDERS, "10.2.0.1");
                        },
                        found("10.1.0.1:8080@east", "10.2.0.1:8080@west").freshFor(5)),
                row(
                        "SRV of the headless kind, one target cannot be looked up",
                        HTTP,
                        replay -> {
                            replay.dns
                                    .on(HTTP, SRV)
                                    .srv(Srv.to("db-0.east." + ORDERS, 8080), Srv.to("db-0.west." + ORDERS, 8080));
                            replay.dns.service("db-0.east." + ORDERS, "10.1.0.1");
                            replay.dns.on("db-0.west." + ORDERS).rcode(Rcode.SERVFAIL);
                        },
                        found("10.1.0.1:8080@east").freshFor(5).withMoreToCome().saying("SERVFAIL from")),
                row(
                        "port name nobody has",
                        HTTP,
                        ipv4("10.96.0.1")
                                .andThen(replay ->
                                        replay.dns.on(HTTP, SRV).nxdomain().withoutSoa()),
                        empty().freshFor(5).saying("port name http not served")),
                row(
                        "truncated, its Service has no TCP: what came is partial",
                        ORDERS,
                        replay -> {
                            replay.dns.on(ORDERS, A).answer(many(200)).truncate(50);
                            replay.dns.on(ORDERS, AAAA).nodata().withoutSoa();
                            replay.dns.refuseTcp();
                        },
                        found(Stream.of(many(50)).map(address -> address + ":0").toList())
                                .freshFor(5)
                                .withMoreToCome()),
                row(
                        "truncated to nothing, its Service has no TCP",
                        ORDERS,
                        replay -> {
                            replay.dns.on(ORDERS, A).answer(many(200)).truncate();
                            replay.dns.on(ORDERS, AAAA).nodata().withoutSoa();
                            replay.dns.refuseTcp();
                        },
                        unknown("NOERROR").saying("truncated")));
    }

    @Test
    void oneAddressPerAnswerInTurnIsWhatTheSourceSays() throws Exception {
        Question question = Row.question(ORDERS);
        try (Replay replay = new Replay()) {
            replay.dns
                    .on(ORDERS, A)
                    .answer("10.1.0.1")
                    .then()
                    .answer("10.2.0.1")
                    .then()
                    .answer("10.3.0.1")
                    .startingOver();
            replay.dns.on(ORDERS, AAAA).nodata().withoutSoa();
            List<String> seen = new ArrayList<>();
            replay.ask(question);
            for (int answer = 0; answer < 4; answer++) {
                seen.addAll(replay.await(question).endpoints().stream()
                        .map(Endpoint::host)
                        .toList());
                if (answer < 3) {
                    replay.askAgain(question);
                }
            }
            assertThat(seen).containsExactly("10.1.0.1", "10.2.0.1", "10.3.0.1", "10.1.0.1");
        }
    }

    private static Consumer<Replay> ipv4(String... addresses) {
        return replay -> {
            replay.dns.on(ORDERS, A).answer(addresses);
            replay.dns.on(ORDERS, AAAA).nodata().withoutSoa();
        };
    }

    private static String[] many(int count) {
        return IntStream.range(0, count).mapToObj(i -> "10.9.0." + (i + 1)).toArray(String[]::new);
    }
}
