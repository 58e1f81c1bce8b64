package io.clusterset.discovery.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.dns.Detected;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.dns.DnsSource;
import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Our DNS client over real sockets; the query budget's clock stands still until it is moved. Packets that get lost are sent
 * again by the system's clock, or, {@link #still} for those that count packets, never: a busy machine would send some twice.
 */
final class Asker implements AutoCloseable {

    static final String NAME = "orders.shop.svc.cluster.local";

    final ManualTime time = new ManualTime();
    final DnsSource source;
    final SerialExecutor serial;
    final IoLoop io;
    private volatile Ticker clock;
    private final BlockingQueue<Resolution> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    Asker(InetSocketAddress... servers) {
        this(Ticker.system(), servers);
    }

    private Asker(Ticker clock, InetSocketAddress... servers) {
        this.clock = clock;
        io = new IoLoop("discovery-hostile-io", () -> this.clock.nanos(), troubles::add);
        serial = new SerialExecutor(Runnable::run, troubles::add);
        DnsOptions options = DnsOptions.builder()
                .nameservers(List.of(servers))
                .timeout(Duration.ofSeconds(2))
                .build();
        source = new DnsSource(
                () -> options,
                Detected::nobody,
                io,
                Runnable::run,
                new Random(1),
                time,
                time,
                serial,
                events::add,
                Optional::of);
    }

    /** One for which no time passes: nothing is sent again, and silence has no end. */
    static Asker still(InetSocketAddress... servers) {
        return new Asker(() -> 0, servers);
    }

    /** From now on by the system's clock; nothing may be under way. */
    void goOn() {
        clock = Ticker.system();
    }

    static Question plain(String name) {
        return new Question("local", name, "cluster.local", Optional.empty());
    }

    static Question http() {
        return new Question("local", NAME, "cluster.local", Optional.of((Port.Named) Port.named("http")));
    }

    Resolution ask(Question question) throws InterruptedException {
        return askAll(List.of(question)).get(0);
    }

    /** All at once; the budget is full again behind it. */
    List<Resolution> askAll(List<Question> questions) throws InterruptedException {
        List<EndpointSource.Watch> watches = new ArrayList<>();
        for (Question question : questions) {
            watches.add(source.watch(question, answers::add));
        }
        List<Resolution> all = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            all.add(next());
        }
        watches.forEach(EndpointSource.Watch::close);
        time.advance(Duration.ofMinutes(1));
        return all;
    }

    void watch(Question question) {
        source.watch(question, answers::add);
    }

    Resolution refreshed(Question question) throws InterruptedException {
        source.refresh(question, Effort.NORMAL);
        return next();
    }

    Resolution next() throws InterruptedException {
        Resolution answer = answers.poll(20, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer; troubles: " + troubles);
        }
        return answer;
    }

    static List<String> addresses(Resolution resolution) {
        return resolution.endpoints().stream()
                .map(endpoint -> Addresses.literal(endpoint.address()))
                .toList();
    }

    @Override
    public void close() {
        source.close();
        io.close();
        assertThat(troubles).isEmpty();
    }
}
