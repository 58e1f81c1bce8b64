package io.clusterset.discovery.model;

import java.util.List;

/**
 * What a source did to come to its answer: the part of a {@link Resolution} that a person at 3 a.m. reads.
 *
 * @param queries what was asked, such as {@code orders.shop.svc.cluster.local. A}; empty for sources that don't ask
 * @param answeredBy who answered, such as {@code 10.96.0.10}; empty if nobody did, or the source asks nobody
 * @param rcode the DNS response code that settled it ({@code NOERROR}, {@code NXDOMAIN}, …); empty if there was none
 * @param detail one sentence; empty if the code says it all
 * @param dropped addresses the source left out, and why
 */
public record Evidence(List<String> queries, String answeredBy, String rcode, String detail, List<Dropped> dropped) {

    /** Nothing to tell. */
    public static final Evidence NONE = new Evidence(List.of(), "", "", "", List.of());

    /** Copies the lists. */
    public Evidence {
        queries = List.copyOf(queries);
        dropped = List.copyOf(dropped);
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
