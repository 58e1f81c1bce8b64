package io.clusterset.benchmarks.dns;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Probe;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a name nobody has asked for to its endpoints: A and AAAA of the home tier on the way, those of the next tier behind
 * it, which the next name's look-up then meets.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DnsColdService {

    @Benchmark
    public Object coldService(Cold cold) {
        return cold.nextDiscovery().service("orders-" + cold.names++ + ".shop").endpoints();
    }

    /** A discovery, replaced before it remembers so many services that remembering is what is measured. */
    @State(Scope.Benchmark)
    public static class Cold {
        private static final int SERVICES_EACH = 2_000;

        private final Responder responder = new Responder();
        private Discovery discovery = discovery();
        private int names;

        Discovery nextDiscovery() {
            if (names == SERVICES_EACH) {
                names = 0;
                discovery.close();
                discovery = discovery();
            }
            return discovery;
        }

        private Discovery discovery() {
            return Discovery.builder()
                    .settings(Settings.none())
                    .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                    .dns(dns -> dns.nameservers(List.of(responder.address())))
                    .health(health -> health.probe(Probe.none()))
                    .build();
        }

        @TearDown
        public void close() {
            discovery.close();
            responder.close();
        }
    }
}
