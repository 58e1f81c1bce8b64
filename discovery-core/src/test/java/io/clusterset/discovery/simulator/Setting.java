package io.clusterset.discovery.simulator;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
        return USUAL.with(line);
    }

    /** The same but for these words, such as {@code clients=20 form=vip}. */
    Setting with(String words) {
        Map<String, String> said = said();
        for (String word : words.strip().split(" +")) {
            String[] pair = word.split("=", 2);
            if (pair.length < 2) {
                throw new IllegalArgumentException("setting: " + word + " (expected: such as clients=20)");
            }
            if (said.replace(pair[0], pair[1]) == null) {
                throw new IllegalArgumentException(
                        "setting: " + pair[0] + " (expected: one of " + String.join(", ", said.keySet()) + ")");
            }
        }
        return new Setting(
                number("clients", said, 1, 100_000),
                number("rate", said, 1, 100_000),
                one(Form.values(), "form", said),
                one(Feed.values(), "feed", said),
                number("home", said, 0, MOST_PODS),
                number("away", said, 0, MOST_PODS),
                number("home-workers", said, 0, 1_000),
                number("away-workers", said, 0, 1_000),
                number("zones", said, 1, 26),
                isTrue("overlap", said),
                number("max-load", said, 1, 100),
                number("seconds", said, 1, 1_000_000));
    }

    /** All of it, in words. */
    private Map<String, String> said() {
        Map<String, String> said = new LinkedHashMap<>();
        said.put("clients", "" + clients);
        said.put("rate", "" + rate);
        said.put("form", word(form));
        said.put("feed", word(feed));
        said.put("home", "" + homePods);
        said.put("away", "" + awayPods);
        said.put("home-workers", "" + homeWorkers);
        said.put("away-workers", "" + awayWorkers);
        said.put("zones", "" + zones);
        said.put("overlap", "" + overlap);
        said.put("max-load", "" + maxLoad);
        said.put("seconds", "" + seconds);
        return said;
    }

    private static int number(String key, Map<String, String> said, int least, int most) {
        String value = value(key, said);
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

    private static boolean isTrue(String key, Map<String, String> said) {
        String value = value(key, said);
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("setting: " + key + "=" + value + " (expected: true or false)");
        }
        return value.equals("true");
    }

    private static <E extends Enum<E>> E one(E[] values, String key, Map<String, String> said) {
        String value = value(key, said);
        return Stream.of(values)
                .filter(one -> word(one).equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("setting: " + key + "=" + value + " (expected: "
                        + Stream.of(values).map(Setting::word).collect(Collectors.joining(", ")) + ")"));
    }

    private static String value(String key, Map<String, String> said) {
        return Objects.requireNonNull(said.get(key), key);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** As {@link #parse} reads it: what is not as usual. */
    @Override
    public String toString() {
        Map<String, String> usual = USUAL.said();
        return said().entrySet().stream()
                .filter(one -> one.getKey().equals("seconds") || !one.getValue().equals(usual.get(one.getKey())))
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining(" "));
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
