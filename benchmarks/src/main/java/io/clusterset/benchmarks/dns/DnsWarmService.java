package io.clusterset.benchmarks.dns;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Probe;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
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

/** What is known already, read again: our snapshot, and the JVM's own cache of addresses. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DnsWarmService {

    @Benchmark
    public Object snapshot(Warm warm) {
        return warm.service.snapshot();
    }

    @Benchmark
    public Object inetAddress(Cached cached) throws UnknownHostException {
        return InetAddress.getAllByName(cached.name);
    }

    /** A service that has its first answer. */
    @State(Scope.Benchmark)
    public static class Warm {
        private final Responder responder = new Responder();
        private final Discovery discovery = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .dns(dns -> dns.nameservers(List.of(responder.address())))
                .health(health -> health.probe(Probe.none()))
                .build();
        final Service service = discovery.service("orders.shop");

        public Warm() {
            if (service.endpoints().isEmpty()) {
                throw new IllegalStateException("no endpoint to measure with");
            }
        }

        @TearDown
        public void close() {
            discovery.close();
            responder.close();
        }
    }

    /** A name the JVM has looked up and keeps. */
    @State(Scope.Benchmark)
    public static class Cached {
        final String name = "localhost";

        public Cached() {
            Security.setProperty("networkaddress.cache.ttl", "-1");
        }
    }
}
