package io.clusterset.discovery.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One policy in one scenario, from the first call to the last. */
final class Run {

    private static final Duration AFTERMATH = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofHours(1);

    private final World world;
    private final Scenario scenario;
    private final Policy policy;
    private final Random fleet;
    private final List<Slot> slots = new ArrayList<>();
    private boolean over;
    private long failed;
    private long calls;

    private Run(Scenario scenario, Policy policy, long seed) {
        this.world = new World(scenario.setting(), seed);
        this.scenario = scenario;
        this.policy = policy;
        this.fleet = world.random("fleet");
    }

    /** Runs it to its end. */
    static Seen of(Scenario scenario, Policy policy, long seed) {
        return new Run(scenario, policy, seed).run();
    }

    private Seen run() {
        Setting setting = scenario.setting();
        for (Happening happening : scenario.script()) {
            world.time.schedule(Duration.ofMillis(happening.at()), () -> happens(happening));
        }
        for (int i = 0; i < setting.clients(); i++) {
            Slot slot = new Slot(fleet.nextLong());
            slots.add(slot);
            slot.callAgainAndAgain();
        }
        world.time.advance(Duration.ofSeconds(setting.seconds()));
        over = true;
        world.time.advance(AFTERMATH);
        slots.forEach(slot -> slot.caller.close());
        world.time.advance(QUIET);
        return new Seen(scenario, policy.name(), world, calls, failed, left());
    }

    /** Tasks and watches that outlive the processes they were of. */
    private int left() {
        return world.time.pending() + world.home.watchers() + world.away.watchers();
    }

    private void happens(Happening happening) {
        if (happening.verb() == Happening.Verb.RESTART) {
            slots.forEach(Slot::restart);
        } else {
            world.happens(happening);
        }
    }

    /** A place for a process: it may be another one after a restart. */
    private final class Slot {
        private final Random random;
        private Policy.Caller caller;
        private int life; // which process it is

        Slot(long seed) {
            random = new Random(seed);
            caller = policy.open(world, random.nextLong());
        }

        void restart() {
            life++;
            caller.close();
            caller = policy.open(world, random.nextLong());
        }

        /** At even distances, give or take a half: as many clients as there are share the rate. */
        private void callAgainAndAgain() {
            double mean =
                    1e9 * scenario.setting().clients() / scenario.setting().rate();
            world.time.schedule(Duration.ofNanos(Math.round(mean * (0.5 + random.nextDouble()))), () -> {
                if (!over) {
                    call();
                    callAgainAndAgain();
                }
            });
        }

        private void call() {
            Request request = new Request(world.millis());
            int mine = life;
            world.time.schedule(Duration.ofMillis(Request.PATIENCE), () -> end(request, mine, false));
            caller.call(request, good -> end(request, mine, good));
        }

        /** What a process that is gone waited for is no call any more. */
        private void end(Request request, int ofLife, boolean good) {
            if (!request.over && ofLife == life) {
                request.over = true;
                calls++;
                failed += good ? 0 : 1;
                world.series.ended(request, world.millis(), good);
            }
        }
    }
}
