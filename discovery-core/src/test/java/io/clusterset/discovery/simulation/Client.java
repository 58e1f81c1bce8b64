package io.clusterset.discovery.simulation;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One process that calls {@code orders.shop}, with all it saw. */
final class Client implements AutoCloseable {

    static final String HOME = "local";
    static final String AWAY = "clusterset";

    final Script home = new Script();
    final Script away = new Script();
    final List<Moment> events = new ArrayList<>();
    final Service orders;

    private final Ground ground;
    private final Discovery discovery;

    Client(Ground ground, long seed) {
        this(ground, seed, Tier.of(AWAY, "clusterset.local"));
    }

    Client(Ground ground, long seed, Tier second) {
        this.ground = ground;
        Random random = new Random(seed);
        discovery = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of(HOME, "cluster.local"), home)
                .tier(second, away)
                .prober(ground)
                .time(ground.time, ground.time)
                .random(random)
                .executor(Runnable::run)
                .listener(event -> events.add(new Moment(ground.millis(), event)))
                .build();
        orders = discovery.service("orders.shop");
    }

    /** A client that knows both tiers. */
    static Client of(Ground ground, long seed, List<String> home, List<String> away) {
        Client client = new Client(ground, seed);
        client.home.says(Script.found(home));
        client.away.says(Script.found(away));
        return client;
    }

    /** The tier that served the call; empty if none did. */
    Optional<String> call() {
        return call(Call.idempotent());
    }

    Optional<String> call(Call call) {
        try {
            return Optional.of(orders.<String, IOException>call(call, ground::call));
        } catch (IOException | DiscoveryException failed) {
            return Optional.empty();
        }
    }

    /** One attempt by hand, whatever comes of it; where it went. */
    Endpoint attempt() {
        try (var attempt = orders.next()) {
            try {
                ground.call(attempt.endpoint());
                attempt.succeeded();
            } catch (IOException failed) {
                attempt.failed(failed);
            }
            return attempt.endpoint();
        }
    }

    int homeLoad() {
        return orders.decision().tiers().get(0).load().percent();
    }

    /** All splits of the load so far. */
    List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (Moment moment : events) {
            if (moment.event() instanceof Event.LoadChanged changed) {
                splits.add(new Split(moment.millis(), changed.loads(), changed.mostLoaded()));
            }
        }
        return splits;
    }

    /** When the tier with most load became another, and which. The first split is none. */
    List<Split> flips() {
        List<Split> flips = new ArrayList<>();
        String most = "";
        for (Split split : splits()) {
            if (!most.isEmpty() && !split.most().equals(most)) {
                flips.add(split);
            }
            most = split.most();
        }
        return flips;
    }

    @Override
    public void close() {
        discovery.close();
    }

    /**
     * Something that was said.
     *
     * @param millis when, since the beginning
     * @param event what
     */
    record Moment(long millis, Event event) {}

    /**
     * The load of all tiers.
     *
     * @param millis since when
     * @param loads in order
     * @param most the tier with most load
     */
    record Split(long millis, List<TierLoad> loads, String most) {
        int homePercent() {
            return loads.get(0).percent();
        }
    }
}
