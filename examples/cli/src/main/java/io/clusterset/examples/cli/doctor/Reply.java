package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.model.Text;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of one question.
 *
 * @param rcode by name; empty unless answered
 * @param truncated whether it says that not all fitted
 * @param edns the size of datagrams the server takes; -1 if it did not say
 * @param answers the answer section
 * @param soa of the authority section, else of the answer section
 * @param took how long it took, or how long was waited
 * @param trouble what went wrong if it was not answered
 */
record Reply(
        Query query,
        Outcome outcome,
        String rcode,
        boolean truncated,
        int edns,
        List<Entry> answers,
        Optional<Soa> soa,
        Duration took,
        String trouble) {

    private static final int SHOWN = 4;

    enum Outcome {
        ANSWERED,
        /** Nothing came. */
        SILENT,
        /** The machine says that nobody listens at that port. */
        CLOSED,
        /** The question could not be sent, or what came could not be read. */
        BROKEN
    }

    /** One record of the answer section. */
    record Entry(String owner, long ttl, String type, String data) {}

    /**
     * The start of a zone.
     *
     * @param zone whose, lower case, without the final dot; empty for the root
     * @param server its first field: who serves it
     * @param ttl what is left of the record's time to live, in seconds
     * @param minimum its last field
     */
    record Soa(String zone, String server, long serial, long ttl, long minimum) {}

    Reply {
        answers = List.copyOf(answers);
    }

    /** Without an answer. */
    static Reply none(Query query, Outcome outcome, Duration took, String trouble) {
        return new Reply(query, outcome, "", false, -1, List.of(), Optional.empty(), took, trouble);
    }

    boolean answered() {
        return outcome == Outcome.ANSWERED;
    }

    /** Answered with this code. */
    boolean is(String code) {
        return answered() && rcode.equals(code);
    }

    /** Of this type; the data. */
    List<String> data(String type) {
        return answers.stream()
                .filter(entry -> entry.type().equals(type))
                .map(Entry::data)
                .toList();
    }

    boolean has(String type) {
        return is("NOERROR") && !data(type).isEmpty();
    }

    /** Whether it carries the SOA of this very zone: who answers knows the zone. */
    boolean isFrom(String zone) {
        return soa.map(start -> start.zone().equals(zone.toLowerCase(Locale.ROOT)))
                .orElse(false);
    }

    /** {@code NXDOMAIN, SOA of clusterset.local. in 3 ms}: what came back, without the question. */
    String said() {
        String time = " in " + took.toMillis() + " ms";
        return switch (outcome) {
            case SILENT -> "no answer" + time;
            case CLOSED -> "refused, nobody listens there";
            case BROKEN -> trouble;
            case ANSWERED -> rcode + (truncated ? ", truncated" : "") + content() + time;
        };
    }

    private String content() {
        if (!answers.isEmpty() && !query.type().equals("SOA")) {
            String shown = answers.stream()
                    .limit(SHOWN)
                    .map(entry -> (entry.type().equals("CNAME") ? "alias of " : "") + Text.safe(entry.data()))
                    .collect(Collectors.joining(" "));
            int more = answers.size() - SHOWN;
            return ", " + shown + (more > 0 ? " and " + more + " more" : "") + " (ttl "
                    + answers.get(0).ttl() + ")";
        }
        String nothing = is("NOERROR") && answers.isEmpty() ? ", nothing" : "";
        return nothing
                + soa.map(start -> ", SOA of " + Text.safe(start.zone()) + ".").orElse(", no SOA");
    }

    @Override
    public String toString() {
        return query + ": " + said();
    }
}
