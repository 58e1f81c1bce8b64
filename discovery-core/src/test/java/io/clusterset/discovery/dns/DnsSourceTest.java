package io.clusterset.discovery.dns;

import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static io.clusterset.discovery.testkit.RecordType.SRV;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.Forgery;
import io.clusterset.discovery.testkit.Rcode;
import io.clusterset.discovery.testkit.RecordType;
import io.clusterset.discovery.testkit.Srv;
import io.clusterset.discovery.testkit.Transport;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets: what goes out, what comes back, what is believed. */
class DnsSourceTest {

    private static final String NAME = "orders.shop.svc.cluster.local";
    private static final String HTTP = "_http._tcp." + NAME;

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final ManualTime familyTime = new ManualTime();
    private final BlockingQueue<Resolution> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile Ticker clock = () -> 0;
    private volatile Duration timeout = Duration.ofSeconds(2);
    private final IoLoop io = new IoLoop("discovery-test-io", () -> clock.nanos(), troubles::add);
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, troubles::add);
    private DnsSource source = source(dns.address());

    private DnsSource source(InetSocketAddress... servers) {
        DnsOptions.Builder options = DnsOptions.builder().nameservers(List.of(servers));
        return new DnsSource(
                () -> options.timeout(timeout).build(),
                Detected::nobody,
                io,
                Runnable::run,
                new Random(1),
                familyTime,
                familyTime,
                serial,
                events::add,
                Optional::of);
    }

    /**
     * For what is about lost packets and silence. Else no time passes for what is sent: on a busy machine, some would be sent
     * again, and be counted or get the answer that a script has for the next one.
     */
    private void timePasses() {
        clock = Ticker.system();
    }

    /** The same, for what is about answers that come late: a busy machine may let two seconds go by. */
    private void timePassesWithoutEnd() {
        timePasses();
        timeout = Duration.ofSeconds(30);
    }

    @BeforeEach
    void forget() {
        dns.forgetQuestions();
    }

    @AfterEach
    void nothingBroke() {
        source.close();
        io.close();
        dns.close();
        assertThat(troubles).isEmpty();
    }

    private static Question plain() {
        return new Question("local", NAME, "cluster.local", Optional.empty());
    }

    private static Question http() {
        return new Question("local", NAME, "cluster.local", Optional.of((Port.Named) Port.named("http")));
    }

    private Resolution ask(Question question) throws InterruptedException {
        source.watch(question, answers::add);
        return next();
    }

    private Resolution next() throws InterruptedException {
        Resolution answer = answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).as("an answer").isNotNull();
        return answer == null ? new Resolution.Empty(Duration.ZERO, Evidence.NONE) : answer;
    }

    private static List<String> shown(Resolution resolution) {
        return resolution.endpoints().stream().map(Endpoint::authority).toList();
    }

    @Test
    void addressesOfBothFamiliesAreFoundByOneQuestionEach() throws Exception {
        dns.on(NAME, A).answer(Duration.ofSeconds(30), "10.0.0.1", "10.0.0.2");
        dns.on(NAME, AAAA).answer(Duration.ofSeconds(20), "fd00::1");
        Resolution found = ask(plain());
        assertThat(found).isInstanceOf(Resolution.Found.class);
        assertThat(shown(found)).containsExactlyInAnyOrder("10.0.0.1:0", "10.0.0.2:0", "[fd00::1]:0");
        assertThat(found.freshFor()).isEqualTo(Duration.ofSeconds(20));
        assertThat(found.evidence().queries()).containsExactlyInAnyOrder(NAME + ". A", NAME + ". AAAA");
        assertThat(dns.questions())
                .hasSize(2)
                .allMatch(q -> q.name().equals(NAME))
                .allMatch(q -> q.hasEdns());
    }

    @Test
    void theFourAnswersAreKeptApart() throws Exception {
        dns.on(NAME, A).nodata();
        dns.on(NAME, AAAA).nodata();
        assertThat(ask(plain())).isInstanceOf(Resolution.Empty.class);
        Question other = new Question("local", "nosuch.shop.svc.cluster.local", "cluster.local", Optional.empty());
        assertThat(ask(other)).isInstanceOf(Resolution.NoSuchName.class);
        dns.failAll(Rcode.SERVFAIL);
        Question sick = new Question("local", "sick.shop.svc.cluster.local", "cluster.local", Optional.empty());
        Resolution unknown = ask(sick);
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().rcode()).isEqualTo("SERVFAIL");
        assertThat(unknown.evidence().detail()).isEqualTo("SERVFAIL from " + dns.endpoint());
    }

    @ParameterizedTest
    @EnumSource(
            value = Rcode.class,
            names = {"SERVFAIL", "REFUSED", "NOTIMP", "NOTZONE"})
    void whatTheServerCannotTellIsUnknown(Rcode rcode) throws Exception {
        dns.failAll(rcode);
        assertThat(ask(plain()).evidence().rcode()).isEqualTo(rcode.name());
    }

    @Test
    void oneFamilyWithoutRecordsIsNormal() throws Exception {
        dns.service(NAME, "10.0.0.1");
        Resolution found = ask(plain());
        assertThat(shown(found)).containsExactly("10.0.0.1:0");
        assertThat(((Resolution.Found) found).complete()).isTrue();
    }

    @Test
    void aFamilyThatIsEmptyThreeTimesIsAskedOnceAMinute() throws Exception {
        dns.service(NAME, "10.0.0.1");
        ask(plain());
        for (int refresh = 0; refresh < 9; refresh++) {
            familyTime.advance(Duration.ofSeconds(5));
            source.refresh(plain(), Effort.NORMAL);
            next();
        }
        assertThat(dns.questions().stream().filter(q -> q.type() == AAAA)).hasSize(3);
        familyTime.advance(Duration.ofSeconds(60));
        source.refresh(plain(), Effort.NORMAL);
        next();
        assertThat(dns.questions().stream().filter(q -> q.type() == AAAA)).hasSize(4);
        assertThat(dns.questions().stream().filter(q -> q.type() == A)).hasSize(11);
    }

    @Test
    void aFamilyThatCannotTellMakesTheAnswerPartialIfItHadAddresses() throws Exception {
        dns.on(NAME, A).answer("10.0.0.1");
        dns.on(NAME, AAAA).rcode(Rcode.SERVFAIL).then().answer("fd00::1").then().rcode(Rcode.SERVFAIL);
        assertThat(((Resolution.Found) ask(plain())).complete()).isTrue(); // it never had any: nothing can be missing
        source.refresh(plain(), Effort.NORMAL);
        assertThat(shown(next())).hasSize(2);
        source.refresh(plain(), Effort.NORMAL);
        assertThat(((Resolution.Found) next()).complete()).isFalse();
    }

    @Test
    void aColdNameIsAnsweredByOneFamilyIfTheOtherIsSlow() throws Exception {
        timePasses();
        dns.on(NAME, A).answer("10.0.0.1");
        dns.on(NAME, AAAA).drop();
        source.watch(plain(), answers::add);
        dns.awaitQuestions(2, Duration.ofSeconds(10));
        Resolution first = answers.poll();
        for (int i = 0; i < 1_000 && first == null; i++) {
            familyTime.advance(Duration.ofMillis(50));
            first = answers.poll(10, TimeUnit.MILLISECONDS);
        }
        assertThat(first).isInstanceOf(Resolution.Found.class);
        assertThat(((Resolution.Found) first).complete()).isFalse();
        assertThat(next()).isInstanceOf(Resolution.Found.class); // the lookup goes on to its end
    }

    @Test
    void aServerOfAnotherZoneIsNotBelievedWhileOneOfOursCanBeAsked() throws Exception {
        FakeDnsServer outside = FakeDnsServer.start();
        try (outside) {
            outside.serving("."); // NXDOMAIN for whatever is asked
            dns.service(NAME, "10.0.0.1");
            source = source(outside.address(), dns.address());
            assertThat(shown(ask(plain()))).containsExactly("10.0.0.1:0");
            source = source(dns.address(), outside.address());
            ask(plain());
            source.refresh(plain(), Effort.CONFIRM);
            assertThat(shown(next())).containsExactly("10.0.0.1:0");
        }
    }

    @Test
    void aConfirmationGoesOnFromAServerThatRefuses() throws Exception {
        FakeDnsServer refusing = FakeDnsServer.start();
        try (refusing) {
            refusing.failAll(Rcode.REFUSED);
            source = source(dns.address(), refusing.address());
            ask(plain());
            source.refresh(plain(), Effort.CONFIRM);
            assertThat(next()).isInstanceOf(Resolution.NoSuchName.class);
        }
    }

    @Test
    void aReferralIsNoAnswer() throws Exception {
        byte[] referral = new byte[] {0, 0, (byte) 0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0};
        byte[] owner = org.xbill.DNS.Name.fromString(NAME + ".").toWire();
        java.nio.ByteBuffer wire = java.nio.ByteBuffer.allocate(referral.length + owner.length + 4 + 2 + 10 + 2)
                .put(referral)
                .put(owner)
                .putShort((short) 1)
                .putShort((short) 1)
                .putShort((short) 0xc00c)
                .putShort((short) 2)
                .putShort((short) 1)
                .putInt(30)
                .putShort((short) 2)
                .putShort((short) 0xc00c);
        dns.on(NAME, A).raw(wire.array());
        dns.on(NAME, AAAA).raw(wire.putShort(12 + owner.length, (short) 28).array());
        Resolution unknown = ask(plain());
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().detail()).contains("only refers to other servers");
    }

    @Test
    void negativeTtlIsTheLesserOfTheSoasAndFiveSecondsWithoutOne() throws Exception {
        dns.on(NAME, A).nxdomain().soa(Duration.ofSeconds(30), Duration.ofSeconds(3));
        dns.on(NAME, AAAA).nxdomain().soa(Duration.ofSeconds(30), Duration.ofSeconds(3));
        assertThat(ask(plain()).freshFor()).isEqualTo(Duration.ofSeconds(3));
        dns.on(NAME, A).nxdomain().withoutSoa();
        dns.on(NAME, AAAA).nxdomain().withoutSoa();
        source.refresh(plain(), Effort.NORMAL);
        assertThat(next().freshFor()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void dangerousAddressesAreDroppedWithTheRule() throws Exception {
        dns.on(NAME, A).answer("10.0.0.1", "127.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0", "255.255.255.255");
        dns.on(NAME, AAAA).answer("::1", "fe80::1", "ff02::1", "fd00::1");
        Resolution found = ask(plain());
        assertThat(shown(found)).containsExactlyInAnyOrder("10.0.0.1:0", "[fd00::1]:0");
        assertThat(found.evidence().dropped()).hasSize(8).allMatch(d -> d.rule().endsWith("address from DNS"));
    }

    @Test
    void onlyDangerousAddressesAreNoAnswerRatherThanAnEmptyOne() throws Exception {
        dns.service(NAME, "127.0.0.1");
        Resolution unknown = ask(plain());
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().detail()).startsWith("every address was dropped: loopback");
    }

    @Test
    void allowedBlocksAreLetThrough() throws Exception {
        DnsOptions options = DnsOptions.builder()
                .nameservers(List.of(dns.address()))
                .allowAddresses(List.of(Cidr.parse("127.0.0.0/8")))
                .build();
        source = new DnsSource(
                () -> options,
                Detected::nobody,
                io,
                Runnable::run,
                new Random(1),
                familyTime,
                familyTime,
                serial,
                events::add,
                Optional::of);
        dns.service(NAME, "127.0.0.1");
        assertThat(shown(ask(plain()))).containsExactly("127.0.0.1:0");
    }

    @Test
    void srvTranslatesThePortAndUsesGlue() throws Exception {
        dns.on(HTTP, SRV)
                .srv(
                        Srv.to("a." + NAME, 8080).withGlue("10.0.0.1"),
                        Srv.to("b.east." + NAME, 8081).withGlue("10.0.0.2"));
        Resolution found = ask(http());
        assertThat(shown(found)).containsExactly("10.0.0.1:8080", "10.0.0.2:8081");
        assertThat(found.endpoints().get(1).cluster()).isEqualTo("east");
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void srvTargetsWithoutGlueAreLookedUp() throws Exception {
        dns.on(HTTP, SRV)
                .srv(Srv.to("a." + NAME, 8080), Srv.to("b." + NAME, 8081).withGlue("10.0.0.2"));
        dns.service("a." + NAME, "10.0.0.1");
        assertThat(shown(ask(http()))).containsExactlyInAnyOrder("10.0.0.1:8080", "10.0.0.2:8081");
        assertThat(dns.questions()).hasSize(3);
    }

    @Test
    void noMoreThanThirtyTwoTargetsAreLookedUp() throws Exception {
        Srv[] many = IntStream.range(0, 40)
                .mapToObj(i -> Srv.to("h" + i + "." + NAME, 8080))
                .toArray(Srv[]::new);
        dns.on(HTTP, SRV).srv(many);
        IntStream.range(0, 40).forEach(i -> dns.service("h" + i + "." + NAME, "10.0.1." + i));
        Resolution found = ask(http());
        assertThat(found.endpoints()).hasSize(32);
        assertThat(((Resolution.Found) found).complete()).isFalse();
        assertThat(found.evidence().dropped()).hasSize(8);
    }

    @Test
    void srvTargetsOutsideTheZoneAreNeitherUsedNorAsked() throws Exception {
        dns.on(HTTP, SRV)
                .srv(Srv.to("evil.example.com", 80), Srv.to("a." + NAME, 8080).withGlue("10.0.0.1"));
        Resolution found = ask(http());
        assertThat(shown(found)).containsExactly("10.0.0.1:8080");
        assertThat(found.evidence().dropped()).hasSize(1);
        assertThat(dns.questions()).allMatch(q -> q.name().endsWith("cluster.local"));
    }

    @Test
    void aPortNameThatIsNotServedIsEmptyAndSaid() throws Exception {
        dns.service(NAME, "10.0.0.1");
        Resolution empty = ask(http());
        assertThat(empty).isInstanceOf(Resolution.Empty.class);
        assertThat(empty.evidence().detail()).isEqualTo("port name http not served");
    }

    @Test
    void aPortNameOfNoServiceIsNoSuchName() throws Exception {
        assertThat(ask(http())).isInstanceOf(Resolution.NoSuchName.class);
    }

    @Test
    void anAliasToTheOutsideIsRefusedAndNamed() throws Exception {
        dns.on(NAME, A).cname("api.example.com", List.of("93.184.216.34"));
        dns.on(NAME, AAAA).cname("api.example.com", List.of());
        Resolution empty = ask(plain());
        assertThat(empty.endpoints()).isEmpty();
        assertThat(empty.evidence().detail()).contains("api.example.com");
        assertThat(((Resolution.Empty) empty).outside()).contains("api.example.com");
        assertThat(dns.questions()).allMatch(q -> q.name().equals(NAME));
    }

    /** An alias is one of both families, and its target's server may have trouble with either. */
    @ParameterizedTest
    @EnumSource(
            value = Rcode.class,
            names = {"SERVFAIL", "NOTIMP"})
    void anAliasIsOneThoughTheOtherFamilyCouldNotBeTold(Rcode rcode) throws Exception {
        for (RecordType broken : List.of(A, AAAA)) {
            dns.forget(NAME);
            dns.on(NAME, broken == A ? AAAA : A).cname("api.example.com", List.of());
            dns.on(NAME, broken).rcode(rcode);
            assertThat(ask(plain())).isInstanceOfSatisfying(Resolution.Empty.class, empty -> {
                assertThat(empty.outside()).contains("api.example.com");
                assertThat(empty.evidence().detail()).contains("api.example.com");
            });
        }
    }

    @Test
    void aPortNameOfAnAliasIsTheAliass() throws Exception {
        dns.on(NAME, A).cname("api.example.com", List.of("93.184.216.34"));
        dns.on(NAME, AAAA).cname("api.example.com", List.of());
        dns.on(HTTP, SRV).nodata();
        assertThat(ask(http()))
                .isInstanceOfSatisfying(
                        Resolution.Empty.class,
                        empty -> assertThat(empty.outside()).contains("api.example.com"));
    }

    @Test
    void aLoadBalancersNameMayBeAnAliasOfAnything() throws Exception {
        String balancer = "payments-dr.example.com";
        dns.serving(".");
        dns.on(balancer, A).cname("abc.elb.example.net", List.of("192.0.2.7"));
        dns.on(balancer, AAAA).cname("abc.elb.example.net", List.of());
        assertThat(shown(ask(new Question("dr", balancer, "", Optional.empty()))))
                .containsExactly("192.0.2.7:0");
    }

    @Test
    void aTruncatedAnswerIsAskedForByTcp() throws Exception {
        String[] many = IntStream.range(0, 200)
                .mapToObj(i -> "10.1." + i / 100 + "." + (i % 100 + 1))
                .toArray(String[]::new);
        dns.service(NAME, many);
        Resolution found = ask(plain());
        assertThat(found.endpoints()).hasSize(200);
        assertThat(((Resolution.Found) found).complete()).isTrue();
        assertThat(dns.questions()).anyMatch(q -> q.transport() == Transport.TCP);
    }

    @Test
    void aTruncatedAnswerWithoutTcpIsPartial() throws Exception {
        dns.service(NAME, IntStream.range(1, 200).mapToObj(i -> "10.1.0." + i).toArray(String[]::new));
        dns.refuseTcp();
        Resolution found = ask(plain());
        assertThat(found.endpoints()).isNotEmpty().hasSizeLessThan(199);
        assertThat(((Resolution.Found) found).complete()).isFalse();
    }

    @Test
    void aLostPacketIsSentAgain() throws Exception {
        timePassesWithoutEnd();
        dns.on(NAME, A).drop().then().answer("10.0.0.1");
        dns.on(NAME, AAAA).nodata();
        assertThat(shown(ask(plain()))).containsExactly("10.0.0.1:0");
    }

    @Test
    void anotherServerIsAskedWhenTheFirstIsDeadOrRefuses() throws Exception {
        timePassesWithoutEnd();
        FakeDnsServer refusing = FakeDnsServer.start();
        FakeDnsServer stopped = FakeDnsServer.start();
        try (refusing;
                stopped) {
            refusing.failAll(Rcode.REFUSED);
            stopped.stop();
            dns.service(NAME, "10.0.0.1");
            source = source(stopped.address(), refusing.address(), dns.address());
            assertThat(shown(ask(plain()))).containsExactly("10.0.0.1:0");
        }
    }

    @Test
    void aServerThatIsNotThereIsUnknownByTheDeadlineAndNamed() throws Exception {
        timePasses();
        dns.stop();
        Resolution unknown = ask(plain());
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().detail()).contains(dns.endpoint()).contains("nothing listens");
    }

    @Test
    void aSilentServerIsUnknownByTheDeadlineAfterFourTries() throws Exception {
        AtomicLong millis = new AtomicLong();
        clock = () -> TimeUnit.MILLISECONDS.toNanos(millis.get());
        dns.silence();
        source.watch(plain(), answers::add);
        int asked = 2; // for each family once
        for (int next : new int[] {150, 400, 900}) {
            assertThat(dns.awaitQuestions(asked, Duration.ofSeconds(10))).hasSize(asked);
            millis.set(next);
            io.execute(() -> {}); // it sleeps by the real clock: this is to look again
            asked += 2;
        }
        assertThat(dns.awaitQuestions(asked, Duration.ofSeconds(10))).hasSize(8);
        assertThat(answers).isEmpty();
        millis.set(2_000);
        io.execute(() -> {});
        assertThat(next().evidence().detail()).startsWith("no answer from " + dns.endpoint());
        assertThat(dns.questions()).hasSize(8);
        assertThat(dns.questions().stream().map(q -> q.id()).distinct().count()).isGreaterThan(6);
    }

    @Test
    void withoutANameserverTheAnswerSaysWhatToSet() throws Exception {
        source = source();
        assertThat(ask(plain()).evidence().detail()).contains("discovery.dns.nameservers");
    }

    @Test
    void formerrIsAskedOnceMoreWithoutEdns() throws Exception {
        dns.on(NAME, A).rcode(Rcode.FORMERR).then().answer("10.0.0.1");
        dns.on(NAME, AAAA).nodata();
        assertThat(shown(ask(plain()))).containsExactly("10.0.0.1:0");
        assertThat(dns.questions().stream().filter(q -> q.type() == A).map(q -> q.hasEdns()))
                .containsExactly(true, false);
    }

    @Test
    void aConfirmationComesByTcp() throws Exception {
        dns.service(NAME, "10.0.0.1");
        ask(plain());
        dns.forgetQuestions();
        source.refresh(plain(), Effort.CONFIRM);
        assertThat(shown(next())).containsExactly("10.0.0.1:0");
        assertThat(dns.questions()).isNotEmpty().allMatch(q -> q.transport() == Transport.TCP);
    }

    @Test
    void aQuestionBeingAskedIsNotAskedTwice() throws Exception {
        dns.service(NAME, "10.0.0.1");
        dns.delayAll(Duration.ofMillis(100));
        source.watch(plain(), answers::add);
        for (int i = 0; i < 100; i++) {
            source.refresh(plain(), Effort.NORMAL);
        }
        next();
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void garbageIsIgnoredWhileTheRightAnswerIsWaitedFor() throws Exception {
        dns.on(NAME, A).answer("10.0.0.1").precededBy(Forgery.values());
        dns.on(NAME, AAAA).nodata();
        assertThat(shown(ask(plain()))).containsExactly("10.0.0.1:0");
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> DnsOptions.builder().timeout(Duration.ZERO).build())
                .hasMessageContaining("timeout: PT0S (expected: > 0");
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("ns.example", 53);
        assertThatThrownBy(() ->
                        DnsOptions.builder().nameservers(List.of(unresolved)).build())
                .hasMessageContaining("expected: IP addresses");
        assertThat(DnsOptions.defaults().toBuilder().build().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(Addresses.literal("::1")).isNotNull();
    }

    @Test
    void slowServersAreWaitedForThoughAnotherIsDead() throws Exception {
        timePassesWithoutEnd();
        FakeDnsServer dead = FakeDnsServer.start();
        dead.stop();
        try (dead) {
            dns.service(NAME, "10.0.0.1");
            dns.delayAll(Duration.ofMillis(1_200));
            source = source(dead.address(), dns.address());
            assertThat(shown(ask(plain()))).containsExactly("10.0.0.1:0");
        }
    }

    @Test
    void aRefusalIsRememberedWhenNobodyKnowsBetter() throws Exception {
        timePasses();
        FakeDnsServer silent = FakeDnsServer.start();
        try (silent) {
            silent.silence();
            dns.failAll(Rcode.SERVFAIL);
            source = source(dns.address(), silent.address());
            assertThat(ask(plain()).evidence().detail()).isEqualTo("SERVFAIL from " + DnsClient.show(dns.address()));
        }
    }

    @Test
    void srvTargetsAllOutsideTheZoneAreNoAnswerRatherThanAnEmptyOne() throws Exception {
        dns.on(HTTP, SRV).srv(Srv.to("evil.example.com", 80));
        dns.service(NAME, "10.0.0.1");
        Resolution unknown = ask(http());
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().detail()).contains("outside the zone");
    }

    @Test
    void aLoopOfAliasesIsNoAnswer() throws Exception {
        dns.on(NAME, A).cname(NAME, List.of());
        dns.on(NAME, AAAA).cname(NAME, List.of());
        assertThat(ask(plain())).isInstanceOf(Resolution.Unknown.class);
    }
}
