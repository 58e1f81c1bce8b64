package io.clusterset.discovery.simulator;

import java.util.List;
import java.util.stream.Stream;

/**
 * A setting and what happens in it.
 *
 * @param name a word or some, for files and commands
 * @param shows what it is about, a sentence
 * @param setting what it begins with
 * @param script in order of time
 */
record Scenario(String name, String shows, Setting setting, List<Happening> script) {

    /** Copies the list. */
    Scenario {
        script = List.copyOf(script);
    }

    static Scenario of(String name, String shows, Setting setting, String... script) {
        return new Scenario(
                name, shows, setting, Stream.of(script).map(Happening::parse).toList());
    }

    /** When something happens first, in milliseconds; at the very end if nothing does. */
    long broken() {
        return script.stream().mapToLong(Happening::at).min().orElse(end());
    }

    /**
     * When home's pods are mended for the last time, be it that there are more of them again, in milliseconds; if they never are,
     * when anything is; at the very end if nothing is.
     */
    long mended() {
        long pods = -1;
        long any = -1;
        double there = setting.homePods();
        for (Happening happening : script) {
            boolean ofPods =
                    !happening.part().equals("dns") && !happening.part().equals("api");
            boolean grows = happening.verb() == Happening.Verb.SCALE && happening.home() && happening.amount() > there;
            if (happening.verb() == Happening.Verb.HEAL || grows) {
                any = happening.at();
                pods = happening.home() && ofPods ? happening.at() : pods;
            }
            if (happening.home() && happening.verb() == Happening.Verb.SCALE) {
                there = happening.amount();
            } else if (happening.home() && happening.verb() == Happening.Verb.LEAVE) {
                there = 0; // some at least
            }
        }
        return pods >= 0 ? pods : any >= 0 ? any : end();
    }

    /** Whether anything is. */
    boolean isMended() {
        return mended() < end();
    }

    private long end() {
        return setting.seconds() * 1_000L;
    }

    Scenario with(List<Happening> other) {
        return new Scenario(name, shows, setting, other);
    }

    /** As a file that {@code simulate --replay} reads. */
    String text() {
        StringBuilder text = new StringBuilder(setting.toString()).append('\n');
        script.forEach(happening -> text.append(happening).append('\n'));
        return text.toString();
    }

    static Scenario parse(String name, List<String> lines) {
        List<String> said = lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (said.isEmpty()) {
            throw new IllegalArgumentException(
                    name + ": nothing (expected: a line such as seconds=300, and happenings)");
        }
        return new Scenario(
                name,
                "",
                Setting.parse(said.get(0)),
                said.subList(1, said.size()).stream().map(Happening::parse).toList());
    }
}
