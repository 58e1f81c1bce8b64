package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.dns.Detected;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.dns.DnsSource;
import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.source.EndpointSource.Watch;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.RecordType;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server that repeats recorded answers, and the library's DNS source that asks it. Unless silence is what is shown, no time
 * passes for what is sent: on a busy machine, what is sent again would get the answer that a script has for the next one.
 */
final class Replay implements AutoCloseable {

    final FakeDnsServer dns = FakeDnsServer.start();

    private final Queue<Throwable> troubles = new ConcurrentLinkedQueue<>();
    private final IoLoop io;
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, troubles::add);
    private final Map<Question, BlockingQueue<Resolution>> answers = new HashMap<>();
    private final Map<Question, Watch> watches = new HashMap<>();
    private final ManualTime time = new ManualTime();
    private final DnsSource source;

    Replay() {
        this(() -> 0, Duration.ofSeconds(2));
    }

    /** By the system's clock, so that silence has an end. */
    Replay(Duration timeout) {
        this(Ticker.system(), timeout);
    }

    private Replay(Ticker clock, Duration timeout) {
        io = new IoLoop("discovery-replay-io", clock, troubles::add);
        DnsOptions options = DnsOptions.builder()
                .nameservers(List.of(dns.address()))
                .timeout(timeout)
                .build();
        ManualTime later = new ManualTime(); // and nothing is told before its time
        source = new DnsSource(
                () -> options,
                Detected::nobody,
                io,
                Runnable::run,
                new Random(1),
                time,
                later,
                serial,
                event -> {},
                Optional::of);
    }

    /** Says to the name and type of a recording what was said then. */
    void script(Recording recording) {
        script(recording, Transplant.none(recording));
    }

    /** Says it below another name. */
    void script(Recording recording, Transplant transplant) {
        byte[] wire = transplant.wire();
        RecordType type = RecordType.valueOf(recording.type());
        if (recording.byTcp()) {
            dns.on(transplant.name(), type).raw(Transplant.stub(wire)).then().raw(wire);
        } else {
            dns.on(transplant.name(), type).raw(wire);
        }
    }

    /** The source itself, for those that put something around it. */
    DnsSource source() {
        return source;
    }

    void ask(Question question) {
        time.advance(Duration.ofMillis(50)); // what it costs of the query budget is there again
        BlockingQueue<Resolution> queue = new LinkedBlockingQueue<>();
        answers.put(question, queue);
        watches.put(question, source.watch(question, queue::add));
    }

    void askAgain(Question question) {
        source.refresh(question, Effort.NORMAL);
    }

    /** The next answer to a question that was asked. */
    Resolution await(Question question) throws InterruptedException {
        BlockingQueue<Resolution> queue = answers.getOrDefault(question, new LinkedBlockingQueue<>());
        Resolution answer = queue.poll(10, TimeUnit.SECONDS);
        assertThat(answer).as("an answer to %s", question.text()).isNotNull();
        assertThat(queue).as("further answers").isEmpty();
        return Objects.requireNonNull(answer);
    }

    Resolution resolve(Question question) throws InterruptedException {
        ask(question);
        return await(question);
    }

    void forget(Question question) {
        Watch watch = watches.remove(question);
        if (watch != null) {
            watch.close();
        }
        answers.remove(question);
    }

    /** What was thrown where it could not be caught. */
    List<Throwable> troubles() {
        return List.copyOf(troubles);
    }

    @Override
    public void close() {
        source.close();
        io.close();
        dns.close();
    }
}
