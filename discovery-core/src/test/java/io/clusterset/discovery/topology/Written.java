package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.model.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tables of cases, as text: {@code 1 zone=a forZones=a,b; 2 zone=b condition=not_ready; …} are 10.0.0.1, 10.0.0.2, … */
final class Written {

    static final Verdict SICK = new Verdict(Verdict.State.UNHEALTHY, "connection refused");

    private Written() {}

    /** {@code region=r zone=a node=n cluster=c label.x=y}. */
    static Here here(String text) {
        Map<String, String> words = words(text);
        return new Here(locality(words), words.getOrDefault("cluster", ""), labels(words));
    }

    static List<Candidate> tier(String text) {
        return Stream.of(text.split(";"))
                .filter(one -> !one.isBlank())
                .map(one -> candidate(one.strip()))
                .toList();
    }

    static Candidate candidate(String text) {
        Map<String, String> words = words(text);
        int number = Integer.parseInt(text.split(" ")[0]);
        Endpoint endpoint = Endpoint.parse("10.0." + number / 250 + "." + number % 250 + ":80")
                .withLocality(locality(words))
                .withCluster(words.getOrDefault("cluster", ""))
                .withLabels(labels(words))
                .withHints(new Hints(set(words.get("forZones")), set(words.get("forNodes"))))
                .withCondition(Condition.valueOf(
                        words.getOrDefault("condition", "ready").toUpperCase(Locale.ROOT)))
                .withTraffic(
                        Traffic.valueOf(words.getOrDefault("traffic", "any").toUpperCase(Locale.ROOT)));
        Verdict verdict = words.containsKey("sick") ? SICK : Verdict.HEALTHY;
        Use use = words.containsKey("waits") || words.containsKey("sick") ? Use.PASSED_OVER : Use.IN_TURN;
        return new Candidate(
                endpoint, verdict, use, Float.parseFloat(words.getOrDefault("weight", "1")), Outcomes.NOBODY);
    }

    private static Map<String, String> words(String text) {
        Map<String, String> words = new HashMap<>();
        for (String word : text.split(" ")) {
            String[] parts = word.split("=", 2);
            words.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        return words;
    }

    private static Locality locality(Map<String, String> words) {
        return new Locality(
                words.getOrDefault("region", ""), words.getOrDefault("zone", ""), words.getOrDefault("node", ""));
    }

    private static Map<String, String> labels(Map<String, String> words) {
        return words.entrySet().stream()
                .filter(word -> word.getKey().startsWith("label."))
                .collect(Collectors.toMap(word -> word.getKey().substring(6), Map.Entry::getValue));
    }

    private static Set<String> set(@Nullable String text) {
        return text == null ? Set.of() : Set.of(text.split(","));
    }

    /** {@code 1 2 3}: who may be called. */
    static String numbers(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> number(candidate.endpoint()))
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    static int number(Endpoint endpoint) {
        byte[] octets = endpoint.address().getAddress();
        return (octets[2] & 0xff) * 250 + (octets[3] & 0xff);
    }

    /** The percent of picks that each gets: of those that work if any does. */
    static Map<Integer, Double> shares(List<Candidate> candidates) {
        List<Candidate> good = candidates.stream().filter(Candidate::isGood).toList();
        List<Candidate> used = good.isEmpty() ? candidates : good;
        double sum = used.stream().mapToDouble(Candidate::weight).sum();
        Map<Integer, Double> shares = new TreeMap<>();
        used.forEach(
                candidate -> shares.merge(number(candidate.endpoint()), 100 * candidate.weight() / sum, Double::sum));
        return shares;
    }

    /** {@code 1=50 2=50}: those that get any, in whole percents. */
    static String percents(List<Candidate> candidates) {
        List<String> some = new ArrayList<>();
        shares(candidates).forEach((number, share) -> {
            if (Math.round(share) > 0) {
                some.add(number + "=" + Math.round(share));
            }
        });
        return String.join(" ", some);
    }
}
