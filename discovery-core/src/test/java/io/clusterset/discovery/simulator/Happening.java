package io.clusterset.discovery.simulator;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that befalls a cluster, as a line of a script: {@code 60.0 home refuse}, {@code 75.5 home/2 fail 50}, {@code 9.0
 * away.dns silence}.
 *
 * @param at milliseconds since the beginning
 * @param home which cluster
 * @param part all pods if empty; the n-th of those that are there; {@code @a} for a zone's; {@code dns} or {@code api}
 * @param verb what
 * @param amount percent of errors, times slower, number of pods, or seconds apart; else 0
 */
record Happening(long at, boolean home, String part, Verb verb, double amount) {

    private static final Pattern LINE = Pattern.compile(
            "(\\d{1,6})\\.(\\d) (home|away)(?:/(\\d{1,4}|@[a-z])|\\.(dns|api))? ([a-z]+)(?: (\\d{1,6}(?:\\.\\d)?))?");

    static Happening parse(String line) {
        Matcher read = LINE.matcher(line.strip());
        if (!read.matches()) {
            throw new IllegalArgumentException("happening: " + line
                    + " (expected: such as 60.0 home refuse, 75.5 home/2 fail 50 or 9.0 away.dns silence)");
        }
        String part = read.group(4) != null ? read.group(4) : read.group(5) != null ? read.group(5) : "";
        Happening happening = new Happening(
                Long.parseLong(read.group(1)) * 1_000 + Long.parseLong(read.group(2)) * 100,
                read.group(3).equals("home"),
                part,
                Verb.parse(line, read.group(6)),
                read.group(7) == null ? 0 : Double.parseDouble(read.group(7)));
        happening.expected().ifPresent(expected -> {
            throw new IllegalArgumentException("happening: " + line + " (expected: " + expected + ")");
        });
        return happening;
    }

    /** What would make sense instead; empty if it does. */
    private Optional<String> expected() {
        boolean dns = part.equals("dns");
        boolean api = part.equals("api");
        return Optional.ofNullable(
                switch (verb) {
                    case EMPTY, FORGET -> dns ? null : "of dns";
                    case LEAVE, SCALE, DEPLOY -> dns || api ? "of pods" : null;
                    case SLOW -> dns || api ? "of pods" : amount == 0 ? "an amount" : null;
                    case SILENCE, REFUSE -> api || (dns && verb == Verb.REFUSE) ? "fail or heal" : null;
                    case FAIL -> amount > 100 ? "at most 100 percent" : dns || api || amount > 0 ? null : "an amount";
                    case HEAL, RESTART -> null;
                });
    }

    @Override
    public String toString() {
        String dot = part.isEmpty() ? "" : part.equals("dns") || part.equals("api") ? "." : "/";
        String much = amount == 0 ? "" : " " + (amount == Math.rint(amount) ? "" + (long) amount : "" + amount);
        return at / 1_000 + "." + at / 100 % 10 + (home ? " home" : " away") + dot + part + " " + verb.word() + much;
    }

    enum Verb {
        /** As it should be. */
        HEAL,
        /** Nobody listens. */
        REFUSE,
        /** Whatever is sent is lost. */
        SILENCE,
        /** HTTP 500 to so many percent; of DNS, SERVFAIL. */
        FAIL,
        /** So many times slower. */
        SLOW,
        /** Pods end, and are not replaced. */
        LEAVE,
        /** So many pods from now on. */
        SCALE,
        /** All pods are replaced, so many seconds apart. */
        DEPLOY,
        /** DNS lies: the name is there, nobody behind it. */
        EMPTY,
        /** DNS lies: there is no such name. */
        FORGET,
        /** All clients end and begin anew. */
        RESTART;

        private static Verb parse(String line, String word) {
            return Stream.of(values())
                    .filter(verb -> verb.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("happening: " + line + " (expected: one of "
                            + Stream.of(values()).map(Verb::word).collect(Collectors.joining(", ")) + ")"));
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
