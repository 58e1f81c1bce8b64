package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.time.ManualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Two clusters and the network between them, in virtual time. What a policy can do here is what a process in a pod of the home
 * cluster can do: ask DNS, watch the API, send calls and probes. One thread.
 */
public final class World {

    private static final Duration NEAR = Duration.ofNanos(500_000); // one way, in the cluster
    private static final Duration FAR = Duration.ofMillis(6); // one way, to the other
    private static final Duration ASKED = Duration.ofMillis(2); // DNS is in the cluster

    /** The one clock. */
    public final ManualTime time = new ManualTime();

    final Setting setting;
    final Cluster home;
    final Cluster away;
    final Series series;
    private final long seed;
    private final Map<InetSocketAddress, Pod> pods = new HashMap<>();
    private final Random network;
    private long lastTrouble;

    World(Setting setting, long seed) {
        this.setting = setting;
        this.seed = seed;
        this.network = random("network");
        this.series = new Series(setting.seconds());
        this.home = new Cluster(this, setting, true);
        this.away = new Cluster(this, setting, false);
    }

    /** A sequence of its own for each word: who draws more does not change what others see. */
    public Random random(String what) {
        return new Random(seed * 1_000_003 + what.hashCode());
    }

    /** Since the beginning. */
    public long millis() {
        return time.nanos() / 1_000_000;
    }

    void put(Endpoint endpoint, Pod pod) {
        pods.put(endpoint.socketAddress(), pod);
    }

    Cluster cluster(boolean isHome) {
        return isHome ? home : away;
    }

    /** Whether a call of these may go to home. */
    public boolean isHome(InetSocketAddress address) {
        Pod pod = pods.get(address);
        return pod == null ? address.equals(home.vip().socketAddress()) : pod.cluster.home;
    }

    private Optional<Pod> at(InetSocketAddress address) {
        if (address.equals(home.vip().socketAddress())) {
            return home.behind();
        }
        if (address.equals(away.vip().socketAddress())) {
            return away.behind();
        }
        return Optional.ofNullable(pods.get(address));
    }

    private static Duration oneWay(boolean home) {
        return home ? NEAR : FAR;
    }

    /**
     * Makes an attempt.
     *
     * @param done told what came back, if anything ever does
     */
    public void send(Request request, InetSocketAddress address, Consumer<Reply> done) {
        request.attempts++;
        boolean near = isHome(address);
        series.offered(millis(), near);
        travel(address, false, reply -> {
            if (reply == Reply.GOOD && !request.over) {
                request.servedBy = near ? Request.Side.HOME : Request.Side.AWAY;
            }
            done.accept(reply);
        });
    }

    private void travel(InetSocketAddress address, boolean check, Consumer<Reply> done) {
        Duration way = oneWay(isHome(address));
        Consumer<Reply> back = reply -> time.schedule(way, () -> done.accept(reply));
        time.schedule(way, () -> {
            Optional<Pod> pod = at(address);
            if (pod.isPresent() && check) {
                pod.get().check(this, network, back);
            } else if (pod.isPresent()) {
                pod.get().serve(this, network, back);
            } else {
                back.accept(Reply.REFUSED);
            }
        });
    }

    /**
     * Probes an address.
     *
     * @param http whether it asks for an answer, which a pod that fails or is slow gives like any other; else a connect is enough
     * @param done told what came back, if anything ever does
     */
    public void probe(InetSocketAddress address, boolean http, Consumer<Reply> done) {
        if (http) {
            travel(address, true, done);
            return;
        }
        Duration way = oneWay(isHome(address));
        time.schedule(way.multipliedBy(2), () -> {
            Optional<Pod> pod = at(address);
            if (pod.isEmpty() || !pod.get().accepts()) {
                done.accept(Reply.REFUSED);
            } else if (pod.get().state != Pod.State.SILENT) {
                done.accept(Reply.GOOD);
            }
        });
    }

    /**
     * Asks DNS for the name of the service under {@code cluster.local} or {@code clusterset.local}.
     *
     * @param patience how long until silence is taken for an answer, which is then unknown
     */
    public void lookup(boolean ofHome, Duration patience, Consumer<Answer> done) {
        Optional<Answer> answer = cluster(ofHome).dns();
        time.schedule(
                answer.isPresent() ? ASKED : patience,
                () -> done.accept(answer.orElse(Answer.none(Answer.Kind.UNKNOWN))));
    }

    /**
     * Who is ready, as a cluster's API has it: asked now, and again whenever told.
     *
     * @return empty while the API is away
     */
    public Optional<List<Endpoint>> ready(boolean ofHome) {
        return cluster(ofHome).apiAnswers() ? Optional.of(cluster(ofHome).ready()) : Optional.empty();
    }

    /** Tells whenever {@link #ready} says something else; what is returned ends that. */
    public Runnable watchReady(boolean ofHome, Runnable changed) {
        return cluster(ofHome).watch(changed);
    }

    /** Whether a pod, or one behind a virtual address and all others, has been well for so long. */
    boolean wasUp(InetSocketAddress address, long millis) {
        if (address.equals(home.vip().socketAddress())
                || address.equals(away.vip().socketAddress())) {
            return cluster(isHome(address)).wasUp(millis);
        }
        Pod pod = pods.get(address);
        return pod != null && pod.wasUp(millis() - millis);
    }

    /** Whether a pod serves some calls and not others, or late: nobody can know which. */
    boolean isHalfWell() {
        return Stream.concat(home.pods.stream(), away.pods.stream())
                .anyMatch(pod -> pod.state == Pod.State.FAILING || pod.state == Pod.State.SLOW);
    }

    /** Milliseconds since something happened to either cluster. */
    long calmFor() {
        return millis() - lastTrouble;
    }

    void trouble() {
        lastTrouble = millis();
    }

    void happens(Happening what) {
        trouble();
        cluster(what.home()).happens(what);
    }
}
