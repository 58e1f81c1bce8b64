package io.clusterset.discovery.realservers;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** The DNS a library under test asks: an authoritative server alone, or with a cache in front. */
final class RealDns implements AutoCloseable {

    /** What it is made of. */
    enum Kind {
        KNOT,
        BIND,
        /** In front of BIND. */
        UNBOUND;

        private Make authority(Zones zones) {
            return this == KNOT ? Knot.of(zones) : Bind.of(zones);
        }
    }

    private final Kind kind;
    private final Daemon authority;
    private final Optional<Daemon> cache;
    private final Optional<Unbound> cacheMake;

    private RealDns(Kind kind, Daemon authority, Optional<Daemon> cache, Optional<Unbound> cacheMake) {
        this.kind = kind;
        this.authority = authority;
        this.cache = cache;
        this.cacheMake = cacheMake;
    }

    static RealDns start(Kind kind, Zones zones) throws IOException, InterruptedException {
        return start(kind, kind.authority(zones), zones);
    }

    static RealDns start(Kind kind, Make authorityMake, Zones zones) throws IOException, InterruptedException {
        Daemon authority = Daemon.start(authorityMake);
        if (kind != Kind.UNBOUND) {
            return new RealDns(kind, authority, Optional.empty(), Optional.empty());
        }
        try {
            Unbound make = Unbound.inFrontOf(authority.address(), zones.sound());
            return new RealDns(kind, authority, Optional.of(Daemon.start(make)), Optional.of(make));
        } catch (IOException | RuntimeException | InterruptedException failed) {
            authority.close();
            throw failed;
        }
    }

    /** Who is to be asked. */
    InetSocketAddress address() {
        return front().address();
    }

    private Daemon front() {
        return cache.orElse(authority);
    }

    /** A discovery that asks here and calls nobody: without probes nothing is sent to an endpoint that is not called. */
    Discovery.Builder discovery() {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .dns(dns -> dns.nameservers(List.of(address())))
                .health(health -> health.probe(Probe.none()));
    }

    /** Kills whoever is asked, and who is behind it. */
    void kill() {
        front().kill();
        authority.kill();
    }

    /** Kills who knows, and leaves the cache alone if there is one. */
    void killAuthority() {
        authority.kill();
    }

    /** Who knows again, with these zones; what the cache holds stays. */
    void restartAuthority(Zones zones) throws IOException, InterruptedException {
        authority.restart(kind.authority(zones));
    }

    /** All of it again, on the same ports, with these zones. */
    void restart(Zones zones) throws IOException, InterruptedException {
        restartAuthority(zones);
        if (cache.isPresent() && cacheMake.isPresent()) {
            cache.get().restart(cacheMake.get());
        }
    }

    /** What whoever the library asks was asked so far; a killed server may have kept some to itself. */
    List<Asked> asked() throws IOException {
        return front().asked();
    }

    /** Ends it, and looks at all it was asked: something, and no name that is not absolute and under one of the zones. */
    void stopAndExpectOnlyOurNames() throws IOException, InterruptedException {
        front().stop();
        authority.stop();
        assertThat(asked())
                .as("questions to %s", kind)
                .isNotEmpty()
                .allMatch(Asked::isOurs)
                .noneMatch(asked -> asked.name().contains("example"));
    }

    @Override
    public void close() throws IOException {
        try (authority) {
            if (cache.isPresent()) {
                cache.get().close();
            }
        }
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}
