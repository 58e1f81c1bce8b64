package io.clusterset.discovery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A service in two tiers, its DNS, its endpoints and its callers. All the threads the library starts for it are in a group of
 * its own, so that they can be counted while other scenes play.
 */
final class Scene implements AutoCloseable {

    static final String HOME = "orders.shop.svc.cluster.local";
    static final String NEXT = "orders.shop.svc.clusterset.local";

    private static final AtomicInteger SCENES = new AtomicInteger();
    private static final int PORT = 8080;
    private static final int MOST_CALLERS = 700; // 200 a second with 3 s each, and some
    private static final int STACK = 256 * 1024;
    private static final int MOST_THREADS = 4;
    private static final Duration APART = Duration.ofMillis(10);

    private final String name;
    private final Client client;
    private final Ticker ticker = Ticker.system();
    private final FakeDnsServer dns = FakeDnsServer.start();
    private final List<FakeEndpoint> home;
    private final List<FakeEndpoint> next;
    private final Queue<Told> events = new ConcurrentLinkedQueue<>();
    private final ThreadGroup group;
    private final ThreadPoolExecutor callers;
    private Optional<Discovery> discovery = Optional.empty();
    private Optional<Service> service = Optional.empty();
    private Optional<Traffic> traffic = Optional.empty();
    private int mostThreads;

    private Scene(String title, Shape shape, Client client) {
        int number = SCENES.incrementAndGet();
        this.name = title + ", " + shape + ", " + client;
        this.client = client;
        this.home = endpoints("home", "127.1." + number + ".", shape.home());
        this.next = endpoints("next", "127.2." + number + ".", shape.next());
        this.group = new ThreadGroup("scene-" + number);
        this.callers = new ThreadPoolExecutor(
                0,
                MOST_CALLERS,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> new Thread(group, task, "caller", STACK));
        dns.service(HOME, addresses(home).toArray(String[]::new));
        dns.service(NEXT, addresses(next).toArray(String[]::new));
    }

    /** The stage is set: everybody listens and DNS knows them. */
    static Scene of(String title, Shape shape, Client client) {
        Firewall.ours(); // not outside a namespace
        return new Scene(title, shape, client);
    }

    private static List<FakeEndpoint> endpoints(String tier, String prefix, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> FakeEndpoint.start(tier + "-" + i, prefix + i, PORT))
                .toList();
    }

    private static List<String> addresses(Collection<FakeEndpoint> endpoints) {
        return endpoints.stream().map(e -> e.address().getHostString()).toList();
    }

    /** The first call is made, and one every 5 ms from now on. */
    void begin(Call call) throws Exception {
        Service begun = inside(() -> {
            Discovery made = Discovery.builder()
                    .settings(Settings.none())
                    .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                    .tier(Tier.of("local", "cluster.local").withPort(PORT))
                    .tier(Tier.of("clusterset", "clusterset.local").withPort(PORT))
                    .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                    .listener(event -> events.add(new Told(ticker.nanos(), event)))
                    .build();
            discovery = Optional.of(made);
            return made.service("orders.shop");
        });
        service = Optional.of(begun);
        traffic = Optional.of(Traffic.start(begun, call, client, callers));
    }

    /** Runs it on a thread whose threads are ours to count. */
    private <T> T inside(Callable<T> task) throws Exception {
        return callers.submit(task).get(20, TimeUnit.SECONDS);
    }

    FakeDnsServer dns() {
        return dns;
    }

    List<FakeEndpoint> home() {
        return home;
    }

    List<FakeEndpoint> next() {
        return next;
    }

    List<String> homeAddresses() {
        return addresses(home);
    }

    Decision decision() throws Exception {
        return inside(() -> service.orElseThrow().decision());
    }

    /** Now. */
    long now() {
        return ticker.nanos();
    }

    /** Lets the calls go on for a while. */
    void go(Duration time) throws InterruptedException {
        boolean inTime = go(time, () -> false);
        assertThat(inTime).isFalse();
    }

    /** Lets the calls go on until it is so; false if it is not in time. */
    boolean go(Duration most, BooleanSupplier so) throws InterruptedException {
        for (long ends = now() + most.toNanos(); now() - ends < 0; ) {
            if (so.getAsBoolean()) {
                return true;
            }
            mostThreads = Math.max(mostThreads, ownThreads().size());
            boolean never = new CountDownLatch(1).await(APART.toNanos(), TimeUnit.NANOSECONDS);
            assertThat(never).isFalse();
        }
        return false;
    }

    /** What the library told its listener, in order. */
    List<Told> events() {
        return List.copyOf(events);
    }

    /** When something was first told. */
    long when(Predicate<Event> what) {
        return events().stream()
                .filter(told -> what.test(told.event()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("never told: " + events()))
                .at();
    }

    /** The loads of home since then, in order. */
    List<Integer> homeLoads(long since) {
        return events().stream()
                .filter(told -> told.at() - since >= 0)
                .map(Told::event)
                .filter(Event.LoadChanged.class::isInstance)
                .map(event -> ((Event.LoadChanged) event).loads().get(0).percent())
                .toList();
    }

    /** Ends the calls and the library, looks that it left nothing behind, and counts. */
    Figures end(long fault) throws Exception {
        Traffic ended = traffic.orElseThrow();
        ended.stop();
        boolean over = go(Duration.ofSeconds(5), ended::isOver);
        Discovery closing = discovery.orElseThrow();
        inside(() -> {
            closing.close();
            return true;
        });
        boolean left = go(Duration.ofSeconds(1), () -> ownThreads().isEmpty());
        Figures figures = new Figures(name, ended.made(), fault, home, events(), mostThreads);
        System.out.println(figures);
        assertThat(over).as("all calls end: %s", figures).isTrue();
        assertThat(left).as("no thread is left: %s", ownThreads()).isTrue();
        assertThat(mostThreads).as("threads: %s", figures).isBetween(1, MOST_THREADS);
        return figures;
    }

    private List<String> ownThreads() {
        Thread[] all = new Thread[MOST_CALLERS + 100];
        int count = group.enumerate(all);
        return Stream.of(all)
                .limit(count)
                .filter(Objects::nonNull)
                .map(Thread::getName)
                .filter(thread -> thread.startsWith("discovery-"))
                .toList();
    }

    @Override
    public void close() throws IOException {
        traffic.ifPresent(Traffic::enough);
        callers.shutdownNow();
        discovery.ifPresent(Discovery::close);
        client.close();
        List<FakeEndpoint> all = new ArrayList<>(home);
        all.addAll(next);
        all.forEach(FakeEndpoint::close);
        dns.close();
    }

    /**
     * Something the library told.
     *
     * @param at when, in nanoseconds
     * @param event what
     */
    record Told(long at, Event event) {}
}
