package io.clusterset.discovery.dns;

import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.Forgery;
import io.clusterset.discovery.testkit.Rcode;
import io.clusterset.discovery.testkit.Transport;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What all questions share: the query budget, which servers are up, what resolv.conf says now. */
class DnsSourceInTroubleTest {

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final ManualTime time = new ManualTime();
    private final BlockingQueue<Resolution> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();
    private volatile Ticker clock = () -> 0; // for what is sent: a busy machine would send some of it twice
    private final IoLoop io = new IoLoop("discovery-test-io", () -> clock.nanos(), troubles::add);
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, troubles::add);
    private final DaemonScheduler realTime = new DaemonScheduler("discovery-test-timer");
    private List<InetSocketAddress> resolvConf = List.of();
    private String note = "nothing found at /etc/resolv.conf";
    private DnsSource source = source(dns.address());

    private DnsSource source(InetSocketAddress... servers) {
        return source(time, time, servers);
    }

    /** For what is about silence: how long a server does not answer is real time. */
    private DnsSource inRealTime(InetSocketAddress... servers) {
        clock = Ticker.system();
        return source(clock, realTime, servers);
    }

    /** Waits until a server has read whatever was sent to it. */
    private static void caughtUp(FakeDnsServer server) throws IOException {
        try (DatagramSocket sender = new DatagramSocket()) {
            byte[] last = "\0\0\1\0\0\1\0\0\0\0\0\0\4last\0\0\1\0\1".getBytes(StandardCharsets.ISO_8859_1);
            sender.send(new DatagramPacket(last, last.length, server.address()));
        }
        assertThat(server.awaitQuestions("last", 1, Duration.ofSeconds(10))).hasSize(1);
        server.forgetQuestions();
    }

    private DnsSource source(Ticker ticker, Scheduler scheduler, InetSocketAddress... servers) {
        DnsOptions options = DnsOptions.builder()
                .nameservers(List.of(servers))
                .timeout(Duration.ofMillis(200))
                .build();
        return new DnsSource(
                () -> options,
                () -> new Detected(resolvConf, note),
                io,
                Runnable::run,
                new Random(1),
                ticker,
                scheduler,
                serial,
                events::add,
                Optional::of);
    }

    @AfterEach
    void nothingBroke() {
        source.close();
        io.close();
        realTime.close();
        dns.close();
        assertThat(troubles).isEmpty();
    }

    private static String name(int i) {
        return "s" + i + ".shop.svc.cluster.local";
    }

    private static Question question(int i) {
        return new Question("local", name(i), "cluster.local", Optional.empty());
    }

    private Resolution next() throws InterruptedException {
        Resolution answer = answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).as("an answer").isNotNull();
        settle(); // what an answer sets off is not there before it is told
        return answer == null ? new Resolution.Empty(Duration.ZERO, Evidence.NONE) : answer;
    }

    private Resolution ask(int i) throws InterruptedException {
        source.watch(question(i), answers::add);
        return next();
    }

    /** Until all that was handed in has run, on whichever thread, and what that has handed in. */
    private void settle() {
        for (int hops = 0; hops < 3; hops++) {
            CompletableFuture<Boolean> last = new CompletableFuture<>();
            serial.execute(() -> last.complete(true));
            assertThat(last.join()).isTrue();
        }
    }

    private long namesAsked() {
        return dns.questions().stream().map(q -> q.name()).distinct().count();
    }

    /** Lets virtual time pass until somebody answers. */
    private Resolution nextInVirtualTime() throws InterruptedException {
        Resolution answer = answers.poll();
        for (int i = 0; i < 2_000 && answer == null; i++) {
            time.advance(Duration.ofMillis(10));
            answer = answers.poll(5, TimeUnit.MILLISECONDS);
        }
        return answer == null ? next() : answer;
    }

    @Test
    void sixHundredQueriesGoAtOnceAndTheRestAHundredASecond() throws Exception {
        for (int i = 0; i < 400; i++) {
            source.watch(question(i), answers::add);
        }
        settle();
        assertThat(namesAsked()).isLessThanOrEqualTo(300); // two queries each, retransmissions count too
        assertThat(events).hasSize(1);
        assertThat(events.toString()).contains("100 queries a second (600 at once) are used up");
        time.advance(Duration.ofMillis(510)); // fifty queries
        assertThat(namesAsked()).isLessThanOrEqualTo(325);
        for (int i = 0; i < 400; i++) {
            nextInVirtualTime();
        }
        assertThat(events).hasSize(1);
    }

    @Test
    void namesFoundBeforeGoFirst() throws Exception {
        dns.service(name(0), "10.0.0.1");
        ask(0);
        BlockingQueue<Integer> order = new LinkedBlockingQueue<>();
        for (int i = 1; i < 400; i++) {
            int mine = i;
            source.watch(question(i), answer -> order.add(mine));
        }
        for (int i = 0; i < 299; i++) {
            assertThat(order.poll(10, TimeUnit.SECONDS)).isNotNull(); // all that could start
        }
        settle();
        source.refresh(question(0), Effort.NORMAL);
        time.advance(Duration.ofMillis(50)); // five queries
        assertThat(next()).isInstanceOf(Resolution.Found.class);
        assertThat(order.size()).isLessThan(3); // a hundred waited before it
    }

    @Test
    void aNameThatIsServedDoesNotWaitBehindAFloodOfMadeUpNames() throws Exception {
        BlockingQueue<Integer> madeUp = new LinkedBlockingQueue<>();
        for (int i = 1; i < 1_000; i++) {
            int mine = i;
            source.watch(question(i), answer -> madeUp.add(mine));
        }
        dns.service(name(0), "10.0.0.1");
        source.watch(question(0), answers::add);
        for (int i = 0; i < 300; i++) {
            assertThat(madeUp.poll(10, TimeUnit.SECONDS)).isNotNull(); // those that were sent at once
        }
        settle();
        time.advance(Duration.ofMillis(50)); // five queries
        assertThat(next()).isInstanceOf(Resolution.Found.class);
        assertThat(madeUp.size()).isLessThan(3); // hardly another
    }

    @Test
    void whoIsNoLongerWatchedLeavesTheLine() throws Exception {
        for (int i = 0; i < 300; i++) {
            source.watch(question(i), answers::add);
        }
        for (int i = 300; i < 1_300; i++) {
            source.watch(question(i), answers::add).close();
        }
        source.watch(question(2_000), answers::add);
        settle();
        for (int i = 0; i < 301; i++) {
            nextInVirtualTime();
        }
        assertThat(namesAsked()).isLessThanOrEqualTo(301);
    }

    private void tellItIsDown() throws Exception {
        source = inRealTime(dns.address());
        dns.silence();
        for (int i = 0; i < 3; i++) {
            source.watch(question(i), answers::add); // two questions each; five are enough
        }
        for (int i = 0; i < 3; i++) {
            assertThat(next().evidence().detail()).startsWith("no answer from " + dns.endpoint());
        }
        caughtUp(dns);
    }

    @Test
    void aServerThatLeftFiveQuestionsUnansweredIsAskedOnceASecond() throws Exception {
        tellItIsDown();
        long began = Ticker.system().nanos();
        boolean held = false;
        for (int i = 0; i < 200; i++) {
            source.refresh(question(i % 3), Effort.NORMAL);
            held |= next().evidence().detail().contains("asked once a second");
        }
        int asked = dns.questions().size(); // before the time is taken: meanwhile it is asked on
        long seconds = (Ticker.system().nanos() - began) / 1_000_000_000;
        assertThat(asked).isLessThanOrEqualTo((int) seconds + 2);
        assertThat(held).isTrue();
    }

    @Test
    void whenTheServerIsBackEverybodyHearsOfItThoughNobodyAsks() throws Exception {
        tellItIsDown();
        for (int i = 0; i < 3; i++) {
            dns.service(name(i), "10.0.0." + (i + 1));
        }
        dns.speak();
        Set<String> found = new TreeSet<>();
        while (found.size() < 3) {
            if (next() instanceof Resolution.Found all && all.complete()) {
                found.add(all.endpoints().get(0).host());
            }
        }
        assertThat(found).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    @Test
    void aDeadFirstServerCostsNothingOnceItIsKnownToBeDead() throws Exception {
        FakeDnsServer dead = FakeDnsServer.start();
        try (dead) {
            dead.silence();
            source = inRealTime(dead.address(), dns.address());
            for (int i = 0; i < 10; i++) {
                ask(i);
            }
            long began = Ticker.system().nanos();
            caughtUp(dead);
            for (int i = 0; i < 50; i++) {
                source.refresh(question(i % 10), Effort.NORMAL);
                next();
            }
            int asked = dead.questions().size(); // before the time is taken: meanwhile it is asked on
            long seconds = (Ticker.system().nanos() - began) / 1_000_000_000;
            assertThat(asked).isLessThanOrEqualTo((int) seconds + 1); // to see whether it is back
        }
    }

    @Test
    void aFamilyNobodyAnswersForDoesNotHaveAFoundNameAskedEverySecond() throws Exception {
        dns.on(name(0), A).answer("10.0.0.1");
        dns.on(name(0), AAAA).drop();
        clock = Ticker.system();
        assertThat(ask(0)).isInstanceOf(Resolution.Found.class);
        caughtUp(dns);
        time.advance(Duration.ofSeconds(10));
        ask(1); // what was sent before it has arrived
        assertThat(dns.questions(name(0))).isEmpty();
    }

    @Test
    void resolvConfIsReadAgain() throws Exception {
        resolvConf = List.of(dns.address());
        source = source();
        dns.service(name(0), "10.0.0.1");
        assertThat(ask(0).evidence().answeredBy()).isEqualTo(dns.endpoint());
        FakeDnsServer other = FakeDnsServer.start();
        try (other) {
            other.service(name(0), "10.0.0.2");
            resolvConf = List.of(other.address());
            source.refresh(question(0), Effort.NORMAL);
            assertThat(next().evidence().answeredBy()).isEqualTo(dns.endpoint());
            time.advance(Duration.ofSeconds(30));
            source.refresh(question(0), Effort.NORMAL); // meanwhile the file is read
            next();
            source.refresh(question(0), Effort.NORMAL);
            assertThat(next().evidence().answeredBy()).isEqualTo(other.endpoint());
            assertThat(events.toString()).contains("the nameservers in resolv.conf are " + other.endpoint());
            resolvConf = List.of();
            time.advance(Duration.ofSeconds(60));
            source.refresh(question(0), Effort.NORMAL);
            assertThat(next()).isInstanceOf(Resolution.Found.class);
        }
    }

    @Test
    void resolvConfIsReadSoonerInTrouble() throws Exception {
        source = source();
        assertThat(ask(0).evidence().detail()).isEqualTo(note);
        dns.service(name(0), "10.0.0.1");
        resolvConf = List.of(dns.address());
        time.advance(Duration.ofSeconds(1));
        source.refresh(question(0), Effort.NORMAL);
        next();
        time.advance(Duration.ofSeconds(1)); // who had no answer asks again by itself
        assertThat(next()).isInstanceOf(Resolution.Found.class);
    }

    /** F65: at most 30 s, also where nothing fails and nobody asks. */
    @Test
    void resolvConfIsReadAgainWithinHalfAMinuteHoweverSeldomQuestionsAreAsked() throws Exception {
        resolvConf = List.of(dns.address());
        source = source();
        dns.service(name(0), "10.0.0.1");
        ask(0);
        FakeDnsServer other = FakeDnsServer.start();
        try (other) {
            other.service(name(0), "10.0.0.2");
            time.advance(Duration.ofSeconds(29));
            resolvConf = List.of(other.address());
            time.advance(Duration.ofSeconds(1));
            settle();
            assertThat(events.toString()).contains("the nameservers in resolv.conf are " + other.endpoint());
            dns.forgetQuestions();
            source.refresh(question(0), Effort.NORMAL); // the first one since
            assertThat(next().evidence().answeredBy()).isEqualTo(other.endpoint());
            assertThat(dns.questions()).isEmpty();
        }
    }

    @Test
    void onFailureResolvConfIsReadAtOnceAndTheQuestionIsAskedAgainUnasked() throws Exception {
        FakeDnsServer other = FakeDnsServer.start();
        try (other) {
            resolvConf = List.of(dns.address());
            source = inRealTime();
            dns.service(name(0), "10.0.0.1");
            other.service(name(0), "10.0.0.2");
            ask(0);
            long began = Ticker.system().nanos();
            dns.silence();
            resolvConf = List.of(other.address());
            source.refresh(question(0), Effort.NORMAL);
            Resolution answer = next();
            while (!answer.evidence().answeredBy().equals(other.endpoint())) {
                answer = next();
            }
            assertThat(Ticker.system().nanos() - began).isLessThan(20_000_000_000L); // else in half a minute
        }
    }

    @Test
    void nobodyWatchesTheFileForQuestionsThatNobodyWatches() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        source = new DnsSource(
                () -> DnsOptions.builder().build(),
                () -> {
                    looks.incrementAndGet();
                    return new Detected(List.of(dns.address()), "");
                },
                io,
                Runnable::run,
                new Random(1),
                time,
                time,
                serial,
                events::add,
                Optional::of);
        EndpointSource.Watch watch = source.watch(question(0), answers::add);
        next();
        for (int i = 0; i < 3; i++) {
            time.advance(Duration.ofSeconds(30));
            settle();
        }
        assertThat(looks).hasValue(4);
        watch.close();
        time.advance(Duration.ofHours(1));
        settle();
        assertThat(looks).hasValue(4);
        source.watch(question(0), answers::add);
        next();
        settle();
        assertThat(looks).hasValue(5);
        source.close();
        settle();
        time.advance(Duration.ofHours(1));
        assertThat(looks).hasValue(5);
    }

    @Test
    void whereThereIsNobodyToAskNoQueryIsSpentAndTheReasonIsTheAnswer() throws Exception {
        source = source();
        for (int i = 0; i < 1_000; i++) {
            assertThat(ask(i).evidence().detail()).isEqualTo(note);
        }
        assertThat(events).isEmpty(); // not: 100 queries a second are used up
        note = "looked elsewhere too";
        time.advance(Duration.ofSeconds(30));
        assertThat(ask(2_000).evidence().detail()).isEqualTo(note);
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void whatIsOddAboutTheNameserversIsSaidUntilTheyHaveFoundSomething() throws Exception {
        resolvConf = List.of(dns.address());
        note = "may not be the cluster's";
        source = source();
        assertThat(ask(0)).isInstanceOf(Resolution.NoSuchName.class);
        source.refresh(question(0), Effort.NORMAL);
        assertThat(next().evidence().detail()).isEqualTo(note);
        dns.on(name(1)).nodata();
        assertThat(ask(1)).isInstanceOf(Resolution.Empty.class);
        source.refresh(question(1), Effort.NORMAL);
        assertThat(next().evidence().detail()).isEqualTo(note);
        dns.failAll(Rcode.SERVFAIL);
        assertThat(ask(2).evidence().detail()).isEqualTo("SERVFAIL from " + dns.endpoint() + "; " + note);
        dns.recover();
        dns.service(name(3), "10.0.0.1");
        assertThat(ask(3).evidence().detail()).isEmpty();
        assertThat(ask(4)).isInstanceOf(Resolution.NoSuchName.class);
        source.refresh(question(4), Effort.NORMAL);
        assertThat(next().evidence().detail()).isEmpty();
    }

    @Test
    void aNameOfNoZoneProvesNothingAndNobodyElsesNameserverIsDoubted() throws Exception {
        resolvConf = List.of(dns.address());
        note = "may not be the cluster's";
        source = source();
        dns.service("lb.example.com", "10.0.0.1");
        source.watch(new Question("dr", "lb.example.com", "", Optional.empty()), answers::add);
        assertThat(next()).isInstanceOf(Resolution.Found.class);
        assertThat(ask(0).evidence().detail()).isEqualTo(note);
        source.watch(
                new Question("other", name(1), "cluster.local", Optional.empty(), List.of(dns.address())),
                answers::add);
        assertThat(next().evidence().detail()).isEmpty();
    }

    /** As behind kubectl port-forward: the guide to local development says that it does not work. */
    @Test
    void aNameserverBehindTcpAloneIsNotReached() throws Exception {
        try (ServerSocket forward = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            source = inRealTime((InetSocketAddress) forward.getLocalSocketAddress());
            assertThat(ask(0).evidence().detail())
                    .isEqualTo("no answer from 127.0.0.1:" + forward.getLocalPort() + " (nothing listens)");
        }
    }

    @Test
    void tenWrongPacketsBringTcp() throws Exception {
        Forgery[] flood = IntStream.range(0, 12)
                .boxed()
                .flatMap(round -> Stream.of(Forgery.values()))
                .limit(12)
                .toArray(Forgery[]::new);
        dns.on(name(0), A).drop().precededBy(flood).then().answer("10.0.0.1");
        dns.on(name(0), AAAA).nodata();
        assertThat(ask(0)).isInstanceOf(Resolution.Found.class);
        assertThat(dns.questions()).anyMatch(q -> q.transport() == Transport.TCP);
    }

    @Test
    void aConfirmationGoesOnByUdpWhereThereIsNoTcp() throws Exception {
        dns.service(name(0), "10.0.0.1");
        ask(0);
        dns.refuseTcp();
        source.refresh(question(0), Effort.CONFIRM);
        assertThat(next()).isInstanceOf(Resolution.Found.class);
    }

    @Test
    void aZoneThatNobodyServesIsToldFromAServiceThatDoesNotExist() throws Exception {
        dns.serving("cluster.local");
        Question elsewhere =
                new Question("clusterset", "a.b.svc.clusterset.local", "clusterset.local", Optional.empty());
        source.watch(elsewhere, answers::add);
        Resolution refused = next();
        assertThat(refused.evidence().detail())
                .isEqualTo("REFUSED from " + dns.endpoint() + " (expected: a server of the zone clusterset.local)");
        dns.serving("."); // the root: the question has left the cluster
        source.refresh(elsewhere, Effort.NORMAL);
        Resolution outside = next();
        assertThat(outside).isInstanceOf(Resolution.NoSuchName.class);
        assertThat(outside.evidence().detail())
                .isEqualTo("the zone clusterset.local is not served by " + dns.endpoint()
                        + ": the answer came from the root zone");
    }

    @Test
    void anIpv6NameserverIsAskedAsAnyOther() throws Exception {
        FakeDnsServer six = FakeDnsServer.start("::1", 0);
        try (six) {
            six.service(name(0), "10.0.0.1");
            source = source(six.address());
            assertThat(ask(0).evidence().answeredBy()).startsWith("[::1]:");
        }
    }
}
