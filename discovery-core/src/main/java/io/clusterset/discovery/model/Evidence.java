package io.clusterset.discovery.model;

import java.time.Duration;
import java.util.List;

/**
 * What a source did to come to its answer: the part of a {@link Resolution} that a person at 3 a.m. reads.
 *
 * @param queries what was asked, such as {@code orders.shop.svc.cluster.local. A}; empty for sources that don't ask
 * @param answeredBy who answered, such as {@code 10.96.0.10}; empty if nobody did, or the source asks nobody
 * @param rcode the DNS response code that settled it ({@code NOERROR}, {@code NXDOMAIN}, …); empty if there was none
 * @param detail one sentence; empty if the code says it all
 * @param dropped addresses the source left out, and why
 * @param took from the question to the answer; zero for sources that need no time, or don't say
 */
public record Evidence(
        List<String> queries, String answeredBy, String rcode, String detail, List<Dropped> dropped, Duration took) {

    /** Nothing to tell. */
    public static final Evidence NONE = new Evidence(List.of(), "", "", "", List.of());

    /** Copies the lists and escapes the words: what a source has read may be in them. */
    public Evidence {
        queries = queries.stream().map(Text::line).toList();
        answeredBy = Text.line(answeredBy);
        rcode = Text.line(rcode);
        detail = Text.line(detail);
        dropped = List.copyOf(dropped);
        if (took.isNegative()) {
            throw new IllegalArgumentException("took: " + took + " (expected: >= 0)");
        }
    }

    /** Of a source that does not say how long it took. */
    public Evidence(List<String> queries, String answeredBy, String rcode, String detail, List<Dropped> dropped) {
        this(queries, answeredBy, rcode, detail, dropped, Duration.ZERO);
    }

    /** The same with another sentence. */
    public Evidence withDetail(String sentence) {
        return new Evidence(queries, answeredBy, rcode, sentence, dropped, took);
    }

    /** The same, after so long. */
    public Evidence withTook(Duration time) {
        return new Evidence(queries, answeredBy, rcode, detail, dropped, time);
    }

    /** Evidence that is only a sentence. */
    public static Evidence of(String detail) {
        return new Evidence(List.of(), "", "", detail, List.of());
    }

    /**
     * An address left out, and the rule that left it out.
     *
     * @param address the address (with its port where one is known), or the name it would have had
     * @param rule the rule, in words
     */
    public record Dropped(String address, String rule) {}
}
