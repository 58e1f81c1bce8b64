package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProbeGateTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 80);
    private static final ProbeGate.Terms TERMS = new ProbeGate.Terms(Probe.tcp(), Duration.ofMillis(500));

    private final ManualTime time = new ManualTime();
    private final List<Throwable> thrown = new ArrayList<>();
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown::add);
    private final List<Consumer<Prober.Result>> asked = new ArrayList<>();
    private final List<Prober.Result> results = new ArrayList<>();
    private final ProbeGate silent = gate((address, timeout, done) -> asked.add(done));

    private ProbeGate gate(Prober prober) {
        return new ProbeGate(any -> prober, time, time, serial);
    }

    private void probe(ProbeGate gate) {
        gate.probe(
                ADDRESS, () -> TERMS, answer -> results.add(answer.orElseThrow().result()));
    }

    @Test
    void aProberThatNeverAnswersIsEndedAfterItsTime() {
        probe(silent);
        time.advance(Duration.ofMillis(599));
        assertThat(results).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(results).containsExactly(new Prober.TimedOut());
    }

    @Test
    void aLateAnswerIsIgnored() {
        probe(silent);
        time.advance(Duration.ofMillis(600));
        asked.get(0).accept(new Prober.Passed());
        asked.get(0).accept(new Prober.Passed());
        assertThat(results).containsExactly(new Prober.TimedOut());
        probe(silent);
        asked.get(1).accept(new Prober.Passed());
        asked.get(1).accept(new Prober.Refused("changed its mind"));
        assertThat(results).containsExactly(new Prober.TimedOut(), new Prober.Passed());
    }

    @Test
    void probersThatNeverAnswerHoldNoPlaceForEver() {
        for (int i = 0; i < 40; i++) {
            probe(silent);
        }
        assertThat(asked).hasSize(16);
        time.advance(Duration.ofMillis(600));
        assertThat(asked).hasSizeGreaterThan(16).hasSizeLessThanOrEqualTo(32);
        asked.subList(0, 16).forEach(late -> late.accept(new Prober.Passed())); // frees no place twice
        assertThat(asked).hasSizeLessThanOrEqualTo(32);
        time.advance(Duration.ofSeconds(10));
        assertThat(asked).hasSize(40);
        assertThat(results).hasSize(40).containsOnly(new Prober.TimedOut());
    }

    @Test
    void anAnswerInTimeLeavesNoTimer() {
        probe(silent);
        assertThat(time.pending()).isEqualTo(1);
        asked.get(0).accept(new Prober.Passed());
        assertThat(time.pending()).isZero();
        probe(gate((address, timeout, done) -> done.accept(new Prober.Passed())));
        assertThat(time.pending()).isZero();
        assertThat(results).containsExactly(new Prober.Passed(), new Prober.Passed());
    }

    @Test
    void anErrorOfTheProberIsAFailedProbeAndHoldsNoPlace() {
        ProbeGate broken = gate((address, timeout, done) -> {
            throw new NoClassDefFoundError("left out of the jar");
        });
        for (int i = 0; i < 20; i++) {
            probe(broken);
        }
        assertThat(results)
                .hasSize(20)
                .containsOnly(new Prober.Refused("the probe threw java.lang.NoClassDefFoundError"));
        assertThat(time.pending()).isZero();
    }

    @Test
    void aListenerThatThrowsKeepsNobodyWaiting() {
        for (int i = 0; i < 17; i++) {
            silent.probe(ADDRESS, () -> TERMS, answer -> {
                throw new IllegalStateException("broken");
            });
        }
        assertThat(asked).hasSize(16);
        asked.get(0).accept(new Prober.Passed());
        assertThat(asked).hasSize(17);
        assertThat(thrown).hasSize(1);
    }
}
