package io.clusterset.discovery.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a scenario begins with.
 *
 * @param clients processes that call
 * @param rate calls a second, of all of them together
 * @param form what a name leads to
 * @param feed who tells of home's pods
 * @param homePods at the beginning
 * @param awayPods at the beginning
 * @param homeWorkers calls that a pod of home serves at a time, 0: any number
 * @param awayWorkers the same of the other cluster
 * @param zones how many zones each cluster has; clients are in zone a, and know it, if there are two or more
 * @param overlap whether the set's answer has home's endpoints, too
 * @param maxLoad percent of all calls that the other cluster may be given at most, for policies that can be told; 100: all
 * @param seconds how long it lasts
 */
record Setting(
        int clients,
        int rate,
        Form form,
        Feed feed,
        int homePods,
        int awayPods,
        int homeWorkers,
        int awayWorkers,
        int zones,
        boolean overlap,
        int maxLoad,
        int seconds) {

    private static final int MOST_PODS = 10_000;
    static final Setting USUAL = new Setting(20, 200, Form.HEADLESS, Feed.DNS, 5, 5, 0, 0, 1, false, 100, 300);

    static Setting parse(String line) {
        Setting setting = USUAL;
        for (String word : line.strip().split(" +")) {
            String[] pair = word.split("=", 2);
            if (pair.length < 2) {
                throw new IllegalArgumentException("setting: " + word + " (expected: such as clients=20)");
            }
            setting = setting.with(pair[0], pair[1]);
        }
        return setting;
    }

    private Setting with(String key, String value) {
        return switch (key) {
            case "clients" -> clients(number(key, value, 1, 100_000));
            case "rate" -> rate(number(key, value, 1, 100_000));
            case "form" -> form(one(Form.values(), key, value));
            case "feed" -> feed(one(Feed.values(), key, value));
            case "home" -> pods(number(key, value, 0, MOST_PODS), awayPods);
            case "away" -> pods(homePods, number(key, value, 0, MOST_PODS));
            case "home-workers" -> workers(number(key, value, 0, 1_000), awayWorkers);
            case "away-workers" -> workers(homeWorkers, number(key, value, 0, 1_000));
            case "zones" -> zones(number(key, value, 1, 26));
            case "overlap" -> overlap(isTrue(key, value));
            case "max-load" -> maxLoad(number(key, value, 1, 100));
            case "seconds" -> seconds(number(key, value, 1, 1_000_000));
            default ->
                throw new IllegalArgumentException(
                        "setting: " + key
                                + " (expected: clients, rate, form, feed, home, away, home-workers, away-workers, zones, overlap, max-load or seconds)");
        };
    }

    private static int number(String key, String value, int least, int most) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("setting: " + key + "=" + value + " (expected: a number)", malformed);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    "setting: " + key + "=" + value + " (expected: " + least + " to " + most + ")");
        }
        return number;
    }

    private static boolean isTrue(String key, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("setting: " + key + "=" + value + " (expected: true or false)");
        }
        return value.equals("true");
    }

    private static <E extends Enum<E>> E one(E[] values, String key, String value) {
        return Stream.of(values)
                .filter(one -> word(one).equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("setting: " + key + "=" + value + " (expected: "
                        + Stream.of(values).map(Setting::word).collect(Collectors.joining(", ")) + ")"));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    Setting clients(int number) {
        return new Setting(
                number,
                rate,
                form,
                feed,
                homePods,
                awayPods,
                homeWorkers,
                awayWorkers,
                zones,
                overlap,
                maxLoad,
                seconds);
    }

    Setting rate(int number) {
        return new Setting(
                clients,
                number,
                form,
                feed,
                homePods,
                awayPods,
                homeWorkers,
                awayWorkers,
                zones,
                overlap,
                maxLoad,
                seconds);
    }

    Setting form(Form name) {
        return new Setting(
                clients,
                rate,
                name,
                feed,
                homePods,
                awayPods,
                homeWorkers,
                awayWorkers,
                zones,
                overlap,
                maxLoad,
                seconds);
    }

    Setting feed(Feed name) {
        return new Setting(
                clients,
                rate,
                form,
                name,
                homePods,
                awayPods,
                homeWorkers,
                awayWorkers,
                zones,
                overlap,
                maxLoad,
                seconds);
    }

    Setting pods(int home, int away) {
        return new Setting(
                clients, rate, form, feed, home, away, homeWorkers, awayWorkers, zones, overlap, maxLoad, seconds);
    }

    Setting workers(int home, int away) {
        return new Setting(clients, rate, form, feed, homePods, awayPods, home, away, zones, overlap, maxLoad, seconds);
    }

    Setting zones(int number) {
        return new Setting(
                clients,
                rate,
                form,
                feed,
                homePods,
                awayPods,
                homeWorkers,
                awayWorkers,
                number,
                overlap,
                maxLoad,
                seconds);
    }

    Setting overlap(boolean both) {
        return new Setting(
                clients, rate, form, feed, homePods, awayPods, homeWorkers, awayWorkers, zones, both, maxLoad, seconds);
    }

    Setting maxLoad(int percent) {
        return new Setting(
                clients,
                rate,
                form,
                feed,
                homePods,
                awayPods,
                homeWorkers,
                awayWorkers,
                zones,
                overlap,
                percent,
                seconds);
    }

    Setting seconds(int number) {
        return new Setting(
                clients,
                rate,
                form,
                feed,
                homePods,
                awayPods,
                homeWorkers,
                awayWorkers,
                zones,
                overlap,
                maxLoad,
                number);
    }

    /** As {@link #parse} reads it: what is not as usual. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        say(words, "clients", clients, USUAL.clients);
        say(words, "rate", rate, USUAL.rate);
        say(words, "form", word(form), "headless");
        say(words, "feed", word(feed), "dns");
        say(words, "home", homePods, USUAL.homePods);
        say(words, "away", awayPods, USUAL.awayPods);
        say(words, "home-workers", homeWorkers, 0);
        say(words, "away-workers", awayWorkers, 0);
        say(words, "zones", zones, 1);
        say(words, "overlap", overlap, false);
        say(words, "max-load", maxLoad, 100);
        words.add("seconds=" + seconds);
        return String.join(" ", words);
    }

    private static void say(List<String> words, String key, Object value, Object usual) {
        if (!value.equals(usual)) {
            words.add(key + "=" + value);
        }
    }

    enum Form {
        /** Each pod has an address in DNS. */
        HEADLESS,
        /** One address for all of them. */
        VIP
    }

    enum Feed {
        DNS,
        /** The Kubernetes API, DNS meanwhile. */
        API
    }
}
