package io.clusterset.discovery.recorded;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one server said to one question over time, around a recorded event.
 *
 * @param changes when the answer changed, and to what: rcode, count and addresses
 * @param ttl of its records and of its negatives
 */
record Timeline(NavigableMap<Duration, String> changes, Duration ttl) {

    private static final Pattern LINE = Pattern.compile(" *(\\d+) ms {2}(.+): (.*)");

    /**
     * Reads one.
     *
     * @param title of the recording
     * @param probe server, name and type
     */
    static Timeline of(String title, String probe) {
        NavigableMap<Duration, String> changes = new TreeMap<>();
        for (String block : Recordings.text("timelines.txt").split("\n\n")) {
            List<String> lines = new ArrayList<>(block.lines().toList());
            if (!lines.get(0).equals("## " + title)) {
                continue;
            }
            for (String line : lines) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches() && matcher.group(2).equals(probe)) {
                    changes.put(Duration.ofMillis(Long.parseLong(matcher.group(1))), matcher.group(3));
                }
            }
        }
        if (changes.isEmpty()) {
            throw new IllegalArgumentException(title + ": " + probe + " (expected: a probe of a recorded timeline)");
        }
        boolean external = probe.contains("clusterset.local") && !probe.startsWith("intree");
        return new Timeline(changes, Duration.ofSeconds(external ? 5 : 30));
    }

    /** What is said at a time; before the first change what was said first. */
    Resolution at(Duration now) {
        Map.Entry<Duration, String> said = changes.floorEntry(now);
        return resolution(said == null ? changes.firstEntry().getValue() : said.getValue(), ttl);
    }

    /** When the answer last changed. */
    Duration end() {
        return changes.lastKey();
    }

    static Resolution resolution(String said, Duration ttl) {
        String[] word = said.split(" ", 3);
        return switch (word[0]) {
            case "NXDOMAIN" -> new Resolution.NoSuchName(ttl, Evidence.NONE);
            case "NOERROR" ->
                word[1].equals("0")
                        ? new Resolution.Empty(ttl, Evidence.NONE)
                        : found(ttl, word[2].substring(1, word[2].length() - 1).split(" "));
            default -> new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of(said));
        };
    }

    static Resolution found(Duration ttl, String... addresses) {
        List<Endpoint> endpoints = Stream.of(addresses)
                .map(address -> Endpoint.parse(address + ":80"))
                .toList();
        return new Resolution.Found(endpoints, ttl, Evidence.NONE);
    }
}
