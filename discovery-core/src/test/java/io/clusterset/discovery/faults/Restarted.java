package io.clusterset.discovery.faults;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The application that is killed and started again: calls orders one call after the other, some 200 a second, until its
 * standard input ends. Says on standard output
 *
 * <pre>
 *  picked MICROSECONDS-AFTER-BUILD
 *  calls N failures N stale true|false      again and again
 *  failure WHY                              the first of them
 * </pre>
 */
final class Restarted {

    private static final Call CALL = Call.idempotent().deadline(Duration.ofSeconds(3));
    private static final int STATUS_EVERY = 20;
    private static final Duration APART = Duration.ofMillis(5);

    private Restarted() {}

    /** With the nameserver, the endpoints' port, the snapshot directory, and a word if it should rehearse. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        if (args.length > 3) { // the same before: the JVM has loaded the classes then
            try (Discovery rehearsal = discovery(args, port);
                    Attempt first = rehearsal.service("orders.shop").next()) {
                first.succeeded();
            }
        }
        Ticker ticker = Ticker.system();
        try (Client client = Client.cold();
                DaemonScheduler pace = new DaemonScheduler("pace");
                Discovery discovery = discovery(args, port)) {
            long built = ticker.nanos();
            Service orders = discovery.service("orders.shop");
            try (Attempt first = first(orders)) {
                System.out.println("picked " + (ticker.nanos() - built) / 1_000);
                first.succeeded();
            }
            call(orders, client, pace);
        }
    }

    /** A JVM that gets no processor for seconds decides nothing in time: who reads how long it took tells that from a fault. */
    private static Attempt first(Service orders) {
        while (true) {
            try {
                return orders.next();
            } catch (DiscoveryException failed) {
                if (!(failed.getCause() instanceof TimeoutException)) {
                    throw failed;
                }
                System.out.println(failed.getMessage());
            }
        }
    }

    private static Discovery discovery(String[] args, int port) {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local").withPort(port))
                .tier(Tier.of("clusterset", "clusterset.local").withPort(port))
                .dns(d -> d.nameservers(List.of(Addresses.nameserver(args[0])))
                        .allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                .cache(c -> c.snapshotDirectory(Path.of(args[2])))
                .build();
    }

    private static void call(Service orders, Client client, Sleeper pace) throws IOException, InterruptedException {
        int failures = 0;
        for (int calls = 1; System.in.available() == 0; calls++) {
            try {
                orders.<String, IOException>call(CALL, client);
            } catch (IOException | RuntimeException failed) {
                failures++;
                if (failures == 1) {
                    System.out.println("failure " + failed);
                }
            }
            if (calls % STATUS_EVERY == 0) {
                boolean stale = orders.snapshot().tiers().stream()
                        .anyMatch(tier -> tier.resolution().stale());
                System.out.println("calls " + calls + " failures " + failures + " stale " + stale);
            }
            pace.sleep(APART);
        }
    }
}
