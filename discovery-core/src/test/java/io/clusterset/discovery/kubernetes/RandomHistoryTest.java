package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to lists and watches: what is known comes to be what is so. */
final class RandomHistoryTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void itConverges(long seed) {
        Random random = new Random(seed);
        Bench bench = new Bench(seed);
        MemoryServer server = bench.server;
        Reflector<EndpointSlice> reflector = bench.reflector("shop");
        List<String> late = new ArrayList<>();
        server.delivery = lines -> {
            late.addAll(lines);
            if (random.nextInt(4) == 0) {
                return List.of(); // these come later, in another order
            }
            List<String> now = new ArrayList<>(late);
            late.clear();
            if (random.nextInt(3) == 0) {
                now.addAll(List.copyOf(now)); // told twice
            }
            Collections.shuffle(now, random);
            return now;
        };
        server.pages(3);
        bench.start(reflector);
        for (int step = 1; step <= 10_000; step++) {
            step(random, bench, late.isEmpty());
            if (step % 500 == 0) {
                server.refuseNothing();
                server.mute(false);
                if (!late.isEmpty()) {
                    server.endAll(MemoryServer.BROKEN); // what it never heard of
                    late.clear();
                }
                bench.seconds(400); // what was refused is asked again every 6 minutes
                for (int i = 0; i < 60 && !reflector.state().alive(); i++) {
                    bench.seconds(1); // a watch of this server may just have come to its end
                }
                assertThat(reflector.state().alive())
                        .describedAs("step %s: %s, last asked %s", step, reflector.state(), server.last())
                        .isTrue();
                assertThat(Bench.known(reflector, "shop"))
                        .describedAs("step " + step)
                        .isEqualTo(server.truth("endpointslices"));
            }
        }
        assertThat(bench.thrown).isEmpty();
        bench.serial.execute(reflector::end);
        bench.turnstile.close();
        assertThat(bench.time.pending()).isZero();
    }

    private static void step(Random random, Bench bench, boolean allTold) {
        MemoryServer server = bench.server;
        String name = "s" + random.nextInt(12);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8 ->
                server.slice("shop", name, "orders", "10.0." + random.nextInt(256) + "." + random.nextInt(256));
            case 9, 10, 11, 12 -> server.delete("endpointslices", "shop", name);
            case 13 -> server.endAll(MemoryServer.CLEAN);
            case 14 -> server.endAll(MemoryServer.BROKEN);
            case 15 -> server.open().forEach(stream -> stream.say(MemoryServer.GONE_LINE));
            case 16 -> server.compact();
            case 17 -> {
                if (allTold) {
                    server.bookmark();
                }
            }
            case 18 -> {
                int status = new int[] {403, 410, 429, 500, 503, 404, 401}[random.nextInt(7)];
                String part = new String[] {"continue=", "watch=1", "limit=", ""}[random.nextInt(4)];
                server.refuse(
                        path -> path.contains(part) ? Optional.of(MemoryServer.refused(status)) : Optional.empty());
            }
            case 19 -> server.refuseNothing();
            case 20 -> server.mute(random.nextInt(4) == 0);
            case 21 ->
                server.open().forEach(stream -> stream.say("{\"type\":\"ADDED\",\"object\":{\"metadata\":null}}"));
            case 22 -> server.open().forEach(stream -> stream.say("no json"));
            default -> bench.advance(Duration.ofMillis(random.nextInt(30_000)));
        }
    }
}
