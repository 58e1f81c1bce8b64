package io.clusterset.benchmarks;

import io.clusterset.benchmarks.JmhSuite.Effort;
import io.clusterset.benchmarks.dns.DnsColdService;
import io.clusterset.benchmarks.dns.DnsExchanges;
import io.clusterset.benchmarks.dns.DnsReading;
import io.clusterset.benchmarks.dns.DnsWarmService;
import io.clusterset.benchmarks.peers.Armeria;
import io.clusterset.benchmarks.peers.Floor;
import io.clusterset.benchmarks.peers.Grpc;
import io.clusterset.benchmarks.peers.Maglev;
import io.clusterset.benchmarks.peers.OkHttp;
import io.clusterset.benchmarks.peers.Ours;
import io.clusterset.benchmarks.peers.ServiceTalk;
import io.clusterset.benchmarks.peers.Spring;
import io.clusterset.benchmarks.peers.Stork;
import io.clusterset.benchmarks.peers.Watched;
import io.clusterset.discovery.balance.Balancer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All suites. A new row is a line here; who it measures is a class of {@code peers}. */
final class Suites {

    /** Those of which the report tells. */
    static final List<Suite> REPORTED =
            List.of(pick(), rebuild(), new MemorySuite(), dns(), observe(), okhttp(), new KubernetesSuite());

    static final List<Suite> ALL =
            Stream.concat(REPORTED.stream(), Stream.of(new FailoverSuite())).toList();

    private Suites() {}

    static Optional<Suite> named(String name) {
        return ALL.stream().filter(suite -> suite.name().equals(name)).findFirst();
    }

    private static Suite pick() {
        Measure floor = new Measure("floor: volatile read, atomic increment, index", Floor::pick);
        Measure random = new Measure("floor: ThreadLocalRandom, index", Floor::randomPick);
        Measure stride = new Measure("floor: static stride (A58), weights 1..4", Floor::weightedPick);
        Measure clock = new Measure("floor: System.nanoTime()", Floor::clock);
        Measure ours = new Measure("ours, pick", Ours::pick).over(floor);
        Measure weighted = new Measure("ours, pick, weights 1..4", Ours::weightedPick).over(stride);
        Measure attempt = new Measure("ours, attempt: pick and outcome", Ours::attempt)
                .over(floor)
                .warmer();
        Measure grpc = new Measure("gRPC round_robin", Grpc::pick);
        Measure armeria = new Measure("Armeria roundRobin", Armeria::pick);
        Measure armeriaWeighted = new Measure("Armeria weightedRoundRobin, weights 1..4", Armeria::weightedPick)
                .over(stride)
                .against(weighted);
        Measure serviceTalk = new Measure("ServiceTalk round robin, to a connection", ServiceTalk::pick).warmer();
        Measure stork = new Measure("Stork round robin, remembered list", Stork::pick).warmer();
        Measure spring = new Measure("Spring RoundRobinLoadBalancer, block()", Spring::pick).warmer();
        Measure choose = new Measure("Spring blocking client, choose", Spring::blockingPick).warmer();
        List<Measure> unweighted = List.of(grpc, armeria, serviceTalk, stork, spring, choose).stream()
                .map(peer -> peer.over(floor).against(ours))
                .toList();

        List<Measure> all = new ArrayList<>(List.of(floor, random, stride, ours, weighted, attempt));
        all.addAll(unweighted);
        all.add(armeriaWeighted);
        List<Measure> measures = new ArrayList<>(List.of(clock));
        for (int threads : List.of(1, 2)) {
            for (int endpoints : List.of(1, 16, 1_000)) {
                all.forEach(measure -> measures.add(measure.at(endpoints, threads)));
            }
        }

        List<Measure> others = List.of(
                new Measure("ours, pick, random", Ours.pickBy(Balancer.random())).over(floor),
                new Measure("ours, pick, leastRequest", Ours.pickBy(Balancer.leastRequest())).over(floor),
                new Measure("ours, pick, peakEwma", Ours.pickBy(Balancer.peakEwma())).over(floor),
                new Measure("ours, pick, sticky", Ours.pickBy(Balancer.sticky())).over(floor),
                new Measure("ours, pick by key, consistentHash", Ours::keyedPick).over(floor),
                new Measure("ours, attempt, peakEwma", Ours::measuredAttempt)
                        .over(floor)
                        .warmer());
        for (int threads : List.of(1, 2)) {
            others.forEach(measure -> measures.add(measure.at(16, threads)));
        }

        List<Goal> goals = new ArrayList<>();
        for (int endpoints : List.of(16, 1_000)) {
            String of = " of " + endpoints;
            Goal.Of one = ours.at(endpoints, 1).row();
            Goal.Of oneWeighted = weighted.at(endpoints, 1).row();
            Goal.Of oneAttempt = attempt.at(endpoints, 1).row();
            Goal.Of two = ours.at(endpoints, 2).row();
            Goal.Of twoWeighted = weighted.at(endpoints, 2).row();
            Goal.Of least = floor.at(endpoints, 1).row();
            goals.add(Goal.ratio("pick" + of + " / volatile + AtomicInteger", one, least, 2));
            goals.add(Goal.ratio(
                    "weighted pick" + of + " / static stride",
                    oneWeighted,
                    stride.at(endpoints, 1).row(),
                    1.5));
            goals.add(Goal.bytes("pick" + of + ", B/op", one, 0));
            goals.add(Goal.bytes("weighted pick" + of + ", B/op", oneWeighted, 0));
            goals.add(Goal.ratio("pick" + of + ", two threads / one", two, one, 1.5));
            goals.add(Goal.ratio("weighted pick" + of + ", two threads / one", twoWeighted, oneWeighted, 1.5));
            List<Goal.Of> peers =
                    unweighted.stream().map(peer -> peer.at(endpoints, 2).row()).toList();
            goals.add(Goal.ratio("pick" + of + ", two threads / fastest peer", two, peers, 0.5));
            goals.add(Goal.ratio(
                    "weighted pick" + of + ", two threads / Armeria",
                    twoWeighted,
                    armeriaWeighted.at(endpoints, 2).row(),
                    0.5));
            goals.add(Goal.ratio(
                    "pick" + of + " / Spring choose",
                    one,
                    choose.at(endpoints, 1).row(),
                    1.0 / 50));
            goals.add(Goal.ratio(
                    "pick" + of + " / Stork", one, stork.at(endpoints, 1).row(), 1.0 / 10));
            goals.add(Goal.ratio("attempt" + of + " / volatile + AtomicInteger", oneAttempt, least, 5));
            goals.add(Goal.bytes("attempt" + of + ", B/op", oneAttempt, 40));
        }
        goals.add(Goal.ratio(
                "pick of 1,000 / of 16", ours.at(1_000, 1).row(), ours.at(16, 1).row(), 1.3));
        goals.add(Goal.ratio(
                "weighted pick of 1,000 / of 16",
                weighted.at(1_000, 1).row(),
                weighted.at(16, 1).row(),
                1.3));
        return new JmhSuite("pick", measures, goals, new Effort(2, 4, 200, 5, 120), new Effort(1, 2, 150, 3, 80));
    }

    private static Suite rebuild() {
        int endpoints = 10_000;
        Measure stride = new Measure("floor: static stride rebuilt", Floor::rebuild);
        Measure copy = new Measure("floor: array copied and published", Floor::copy).over(stride);
        Measure ours = new Measure("ours, source to first pick", Ours::rebuild)
                .over(stride)
                .warmer();
        Measure build = new Measure("ours, Balancer.build and first pick", Ours::build)
                .over(stride)
                .warmer();
        Measure armeria = new Measure("Armeria, new static group", Armeria::rebuild);
        Measure dynamic = new Measure("Armeria, DynamicEndpointGroup.setEndpoints", Armeria::rebuildDynamic);
        Measure grpc = new Measure("gRPC round_robin.acceptResolvedAddresses", Grpc::rebuild);
        List<Measure> measures = new ArrayList<>();
        for (Measure measure : List.of(copy, stride, ours, build)) {
            measures.add(measure.at(endpoints, 1));
        }
        for (Measure peer : List.of(armeria, dynamic, grpc)) {
            measures.add(peer.over(stride).against(ours).at(endpoints, 1));
        }
        measures.add(new Measure("floor: Maglev table, 65,537 of 1,000", Maglev::rebuild).at(1_000, 1));
        Goal.Of whole = ours.at(endpoints, 1).row();
        return new JmhSuite(
                "rebuild",
                measures,
                List.of(
                        Goal.ratio(
                                "source to first pick / static stride rebuilt",
                                whole,
                                stride.at(endpoints, 1).row(),
                                5),
                        Goal.ratio(
                                "source to first pick / Armeria, new static group",
                                whole,
                                armeria.at(endpoints, 1).row(),
                                0.3),
                        Goal.ratio(
                                "source to first pick / gRPC",
                                whole,
                                grpc.at(endpoints, 1).row(),
                                0.1)),
                new Effort(2, 5, 300, 5, 250),
                new Effort(1, 3, 300, 3, 200));
    }

    private static Suite observe() {
        Measure attempt = new Measure("pick and outcome, uncounted", Watched::attemptUncounted);
        Measure counted = new Measure("pick and outcome, counted", Watched::attemptCounted);
        Measure call = new Measure("call, stub transport, uncounted", Watched::callUncounted).warmer();
        Measure countedCall = new Measure("call, stub transport, counted", Watched::callCounted).warmer();
        Measure plain = new Measure("call of a Service", Watched::callOfDefaults).warmer();
        Measure everything = new Measure(
                        "call of a Service, listener, meters read every second", Watched::callWithEverything)
                .warmer();
        List<Measure> measures = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        for (int threads : List.of(1, 2)) {
            for (Measure measure : List.of(
                    attempt, counted.over(attempt), call, countedCall.over(call), plain, everything.over(plain))) {
                measures.add(measure.at(16, threads));
            }
            String by = threads == 1 ? "" : ", two threads";
            goals.add(Goal.more(
                    "counting a pick and its outcome, ns" + by,
                    counted.at(16, threads).row(),
                    attempt.at(16, threads).row(),
                    10));
            goals.add(Goal.more(
                    "counting a call, ns" + by,
                    countedCall.at(16, threads).row(),
                    call.at(16, threads).row(),
                    1_000));
            goals.add(Goal.more(
                    "everything else on, to a call, ns" + by,
                    everything.at(16, threads).row(),
                    plain.at(16, threads).row(),
                    1_000));
        }
        return new JmhSuite("observe", measures, goals, new Effort(2, 4, 200, 5, 120), new Effort(1, 2, 150, 3, 80));
    }

    private static Suite okhttp() {
        Measure remembered = new Measure("InetAddress.getAllByName, cached", OkHttp::jvmLookup);
        Measure system = new Measure("Dns.SYSTEM.lookup, cached", OkHttp::systemLookup);
        Measure ours = new Measure("DiscoveryDns.lookup, warm", OkHttp::lookup).warmer();
        Measure call = new Measure("call, stub transport", OkHttp::call).warmer();
        Measure intercepted = new Measure("call, DiscoveryInterceptor, stub transport", OkHttp::callIntercepted)
                .over(call)
                .warmer();
        Measure installed = new Measure("call, DiscoveryOkHttp.install, stub transport", OkHttp::callInstalled)
                .over(call)
                .warmer();
        List<Measure> measures = new ArrayList<>();
        for (int threads : List.of(1, 2)) {
            for (Measure measure :
                    List.of(remembered.against(ours), system.over(remembered).against(ours), ours.over(remembered))) {
                measures.add(measure.at(1, threads));
            }
        }
        for (Measure measure : List.of(ours, call, intercepted, installed)) {
            measures.add(measure.at(16, 1));
        }
        Goal.Of least = remembered.at(1, 1).row();
        Goal.Of bare = call.at(16, 1).row();
        return new JmhSuite(
                "okhttp",
                measures,
                List.of(
                        Goal.ratio(
                                "warm DiscoveryDns.lookup of 1 / cached InetAddress",
                                ours.at(1, 1).row(),
                                least,
                                1.5),
                        Goal.ratio(
                                "warm DiscoveryDns.lookup of 16 / cached InetAddress",
                                ours.at(16, 1).row(),
                                least,
                                1.5),
                        Goal.ratio(
                                "warm DiscoveryDns.lookup of 1 / cached InetAddress, two threads",
                                ours.at(1, 2).row(),
                                remembered.at(1, 2).row(),
                                1.5),
                        Goal.more(
                                "interceptor, to a call, ns",
                                intercepted.at(16, 1).row(),
                                bare,
                                5_000),
                        Goal.more(
                                "everything installed, to a call, ns",
                                installed.at(16, 1).row(),
                                bare,
                                5_000)),
                new Effort(1, 8, 300, 8, 120), // OkHttp and we are much code, and a busy machine compiles it slowly
                new Effort(1, 4, 200, 3, 80));
    }

    private static Suite dns() {
        Measure bare = new Measure("bare exchange, one socket", DnsExchanges.class, "bareOneSocket");
        Measure bareFresh = new Measure("bare exchange, a socket per query", DnsExchanges.class, "bareFreshSocket");
        Measure ours = new Measure("our transport, a socket per query", DnsExchanges.class, "ours");
        Measure resolver = new Measure("dnsjava SimpleResolver.send", DnsExchanges.class, "dnsjavaResolver");
        Measure session = new Measure("dnsjava LookupSession, no cache", DnsExchanges.class, "dnsjavaSession");
        Measure netty = new Measure("Netty, one socket, no cache", DnsExchanges.class, "netty");
        Measure nettyFresh = new Measure("Netty, a socket per query, no cache", DnsExchanges.class, "nettyFreshSocket");
        Measure cold = new Measure("our cold service, A + AAAA, two tiers", DnsColdService.class, "coldService");
        Measure read1 = new Measure("read an answer of 1 address", DnsReading.class, "read");
        Measure read16 = new Measure("read an answer of 16 addresses", DnsReading.class, "read").at(16, 1);
        Measure read200 = new Measure("read an answer of 200 addresses", DnsReading.class, "read").at(200, 1);
        Measure cached = new Measure("InetAddress.getAllByName, cached", DnsWarmService.class, "inetAddress");
        Measure warm = new Measure("our warm service, snapshot()", DnsWarmService.class, "snapshot");
        List<Measure> measures = new ArrayList<>(List.of(bare));
        for (Measure exchange : List.of(bareFresh, resolver, session, netty, nettyFresh)) {
            measures.add(exchange.over(bare).against(ours));
        }
        measures.add(2, ours.over(bare));
        measures.add(cold.over(bare));
        measures.addAll(List.of(read1, read16, read200));
        measures.add(cached.against(warm));
        measures.add(warm);
        return new JmhSuite(
                "dns",
                measures,
                List.of(
                        Goal.ratio("our transport / bare exchange on one socket", ours.row(), bare.row(), 4),
                        Goal.ratio("our transport / dnsjava SimpleResolver.send", ours.row(), resolver.row(), 0.5),
                        Goal.ratio("our transport / Netty on one socket", ours.row(), netty.row(), 1),
                        Goal.ratio("warm snapshot() / cached InetAddress", warm.row(), cached.row(), 1),
                        Goal.bytes("warm snapshot(), B/op", warm.row(), 0)),
                new Effort(2, 5, 400, 5, 400),
                new Effort(1, 2, 400, 3, 250));
    }
}
