package io.clusterset.discovery.simulator;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Meanwhile;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** This library as it comes: all its real stages, no setting touched but where it runs, unless a test wants to see one that breaks the law. */
final class Ours implements Policy {

    static final String HOME = "local";
    static final String AWAY = "clusterset";

    private static final Call GET =
            Call.idempotent().deadline(Duration.ofMillis(Request.PATIENCE)).classify(Ours::read);

    private final Consumer<String> broken;
    private final UnaryOperator<Discovery.Builder> settings;
    private Optional<Consumer<String>> story = Optional.empty(); // words cost as much as what they tell of

    /** With who is told of an invariant that does not hold. */
    Ours(Consumer<String> broken) {
        this(broken, as -> as);
    }

    /** With other settings than the usual. */
    Ours(Consumer<String> broken, UnaryOperator<Discovery.Builder> settings) {
        this.broken = broken;
        this.settings = settings;
    }

    /** All that is said from now on, and each call that fails. */
    void tells(Consumer<String> listener) {
        story = Optional.of(listener);
    }

    private static Failure read(Throwable thrown) {
        return thrown instanceof Status status
                ? Failure.ofResponse(status.code, Optional.empty(), Optional.empty())
                        .orElseThrow()
                : Failure.of(thrown);
    }

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public Caller open(World world, long seed) {
        return new Process(world, seed);
    }

    private final class Process implements Caller {
        private final World world;
        private final Tasks tasks;
        private final Discovery discovery;
        private final Service orders;
        private final Watchdog watchdog;
        private final Watches watches;

        Process(World world, long seed) {
            this.world = world;
            this.tasks = new Tasks(world.time);
            this.watchdog = new Watchdog(world, broken);
            this.watches = new Watches(watchdog::breaks);
            Discovery.Builder builder = Discovery.builder()
                    .settings(Settings.none())
                    .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                    .tier(Tier.of(HOME, "cluster.local"), source(true))
                    .tier(away(world.setting.maxLoad()), source(false))
                    .prober(watches.of(new Probes(world)))
                    .time(world.time, tasks)
                    .random(new Random(seed))
                    .executor(Runnable::run)
                    .listener(event -> {
                        story.ifPresent(told -> told.accept(world.millis() + " " + event));
                        watchdog.heard(event);
                    });
            if (world.setting.zones() > 1) {
                builder.topology(topology -> topology.region("eu").zone("a"));
            }
            discovery = settings.apply(builder).build();
            orders = discovery.service("orders.shop");
            watchdog.looksAfter(orders);
        }

        private static Tier away(int maxLoad) {
            Tier tier = Tier.of(AWAY, "clusterset.local");
            return maxLoad < 100 ? tier.withMaxLoad(maxLoad) : tier;
        }

        private EndpointSource source(boolean home) {
            EndpointSource dns = watches.of(new DnsModel(world, home));
            EndpointSource source = home && world.setting.feed() == Setting.Feed.API
                    ? new Meanwhile(watches.of(new ApiModel(world)), dns, Runnable::run)
                    : dns;
            return new Overheard(source, answer -> watchdog.answered(home ? HOME : AWAY, answer));
        }

        @Override
        public void call(Request request, Done done) {
            Watchdog.Journey journey = watchdog.begins();
            CompletionStage<Reply> answer = orders.callAsync(GET, endpoint -> attempt(request, journey, endpoint));
            answer.whenComplete((reply, failed) -> {
                journey.ended(request, failed);
                if (failed != null) {
                    story.ifPresent(
                            told -> told.accept(world.millis() + " FAILED, begun at " + request.began + ": " + failed));
                }
                done.served(failed == null);
            });
        }

        private CompletableFuture<Reply> attempt(Request request, Watchdog.Journey journey, Endpoint endpoint) {
            journey.attempts(endpoint);
            CompletableFuture<Reply> answer = new CompletableFuture<>();
            world.send(request, endpoint.socketAddress(), reply -> {
                switch (reply) {
                    case GOOD -> answer.complete(reply);
                    case REFUSED -> {
                        journey.refused();
                        answer.completeExceptionally(new ConnectException("Connection refused"));
                    }
                    case ERROR -> answer.completeExceptionally(new Status(500));
                    case OVERLOADED -> answer.completeExceptionally(new Status(503));
                }
            });
            return answer;
        }

        @Override
        public void close() {
            watchdog.closes();
            discovery.close();
            watchdog.closed(tasks.left());
            watches.closed();
        }
    }

    /** An answer that is no success. */
    static final class Status extends IOException {
        private static final long serialVersionUID = 1;

        private final int code;

        Status(int code) {
            super("HTTP " + code);
            this.code = code;
        }
    }

    private record Probes(World world) implements Prober {
        @Override
        public void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done) {
            Consumer<Result> once = new Once(done);
            world.time.schedule(timeout, () -> once.accept(new TimedOut()));
            world.probe(
                    address,
                    false,
                    reply -> once.accept(reply == Reply.GOOD ? new Passed() : new Refused("connection refused")));
        }
    }

    private static final class Once implements Consumer<Prober.Result> {
        private final Consumer<Prober.Result> done;
        private boolean over;

        Once(Consumer<Prober.Result> done) {
            this.done = done;
        }

        @Override
        public void accept(Prober.Result result) {
            if (!over) {
                over = true;
                done.accept(result);
            }
        }
    }
}
