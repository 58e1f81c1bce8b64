package io.clusterset.discovery.simulator;

import io.clusterset.discovery.simulator.Happening.Verb;
import io.clusterset.discovery.simulator.Setting.Feed;
import io.clusterset.discovery.simulator.Setting.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Long stories in which anything may happen, one for each seed. */
final class Chaos {

    private static final int APART = 300; // seconds between troubles, on average
    private static final int LONGEST = 600;

    private final Random random;
    private final int seconds;
    private final List<Happening> script = new ArrayList<>();

    private Chaos(long seed, int seconds) {
        this.random = new Random(seed);
        this.seconds = seconds;
    }

    static Scenario of(long seed, int seconds) {
        return new Chaos(seed, seconds).scenario("chaos-" + seed);
    }

    private Scenario scenario(String name) {
        Setting setting = new Setting(
                1,
                1,
                random.nextInt(4) == 0 ? Form.VIP : Form.HEADLESS,
                random.nextInt(3) == 0 ? Feed.API : Feed.DNS,
                1 + random.nextInt(6),
                1 + random.nextInt(6),
                0,
                0,
                1,
                random.nextInt(4) == 0,
                100,
                seconds);
        for (double at = 30; at < seconds; at += APART * -StrictMath.log(1 - random.nextDouble())) {
            trouble(Math.round(at * 10) * 100);
        }
        script.sort(Comparator.comparingLong(Happening::at));
        return new Scenario(name, "Anything may happen.", setting, script);
    }

    private void trouble(long at) {
        boolean home = random.nextInt(3) > 0;
        long end = at + 100L * (50 + random.nextInt(10 * LONGEST));
        String who = random.nextInt(3) == 0 ? "" : String.valueOf(random.nextInt(6));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> forAWhile(at, end, home, who, Verb.REFUSE, 0);
            case 3, 4 -> forAWhile(at, end, home, who, Verb.SILENCE, 0);
            case 5 -> forAWhile(at, end, home, who, Verb.FAIL, 20 + random.nextInt(81));
            case 6 -> forAWhile(at, end, home, who, Verb.SLOW, 10 + random.nextInt(300));
            case 7 -> script.add(new Happening(at, home, "", Verb.SCALE, random.nextInt(7)));
            case 8 -> script.add(new Happening(at, home, "", Verb.DEPLOY, 5));
            case 9, 10 -> {
                Verb[] ways = {Verb.FAIL, Verb.SILENCE, Verb.EMPTY, Verb.FORGET};
                forAWhile(at, end, home, "dns", ways[random.nextInt(ways.length)], 0);
            }
            default -> {
                if (random.nextBoolean()) {
                    forAWhile(at, end, true, "api", Verb.FAIL, 0);
                } else {
                    script.add(new Happening(at, true, "", Verb.RESTART, 0));
                }
            }
        }
    }

    private void forAWhile(long at, long end, boolean home, String part, Verb verb, double amount) {
        script.add(new Happening(at, home, part, verb, amount));
        if (end < seconds * 1_000L) {
            script.add(new Happening(end, home, part, Verb.HEAL, 0));
        }
    }
}
