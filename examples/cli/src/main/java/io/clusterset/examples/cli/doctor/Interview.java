package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.time.Ticker;
import io.clusterset.examples.cli.doctor.Reply.Outcome;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks one server, one question at a time, until all is asked or the time is over. Who does not answer at all is asked twice by
 * UDP and once by TCP; a zone that stays silent is left after two questions. For one thread.
 */
final class Interview {

    private static final int PATIENCE = 2;

    private final Exchange exchange;
    private final Ticker ticker;
    private final InetSocketAddress server;
    private final long deadline;
    private final Duration longest;
    private final List<Reply> replies = new ArrayList<>();

    /**
     * For one server.
     *
     * @param deadline when to stop, by the ticker
     * @param longest the longest wait for one answer
     */
    Interview(Exchange exchange, Ticker ticker, InetSocketAddress server, long deadline, Duration longest) {
        this.exchange = exchange;
        this.ticker = ticker;
        this.server = server;
        this.deadline = deadline;
        this.longest = longest;
    }

    /** All there is to ask. */
    Server ask(Questions questions, List<Zone> zones, List<String> otherHomes, List<Query> more) {
        for (Zone zone : zones) {
            boolean first = replies.isEmpty();
            boolean home = zone.equals(zones.get(0));
            if (first && !awake(questions.apex(zone.domain()))) {
                return done();
            }
            zone(questions, zone.domain(), home, first);
        }
        otherHomes.forEach(domain -> put(questions.api(domain)));
        put(questions.program());
        more.forEach(this::put);
        return done();
    }

    /** The zones and nothing else; for servers that nobody here asks usually. */
    Server askOf(Questions questions, List<Zone> zones) {
        for (Zone zone : zones) {
            boolean first = replies.isEmpty();
            if (first && !awake(questions.apex(zone.domain()))) {
                return done();
            }
            if (!first) {
                put(questions.apex(zone.domain()));
            }
            put(questions.absent(zone.domain()));
        }
        return done();
    }

    /** These, and these alone. */
    Server askAgain(List<Query> queries) {
        queries.forEach(this::put);
        return done();
    }

    private void zone(Questions questions, String domain, boolean home, boolean apexAsked) {
        int from = replies.size();
        List<Query> queries = new ArrayList<>();
        if (!apexAsked) {
            queries.add(questions.apex(domain));
        }
        if (home) {
            queries.add(questions.api(domain));
        }
        queries.add(questions.absent(domain));
        queries.add(questions.version(domain));
        if (home) {
            queries.add(questions.apex(domain).byTcp());
            queries.add(questions.behindNodeLocal(domain));
            queries.add(questions.clusterDns(domain));
        }
        for (Query query : queries) {
            List<Reply> ofZone = replies.subList(from, replies.size());
            boolean hopeless =
                    ofZone.size() >= PATIENCE && ofZone.stream().allMatch(r -> r.outcome() == Outcome.SILENT);
            if (!hopeless) {
                put(query);
            }
        }
    }

    private boolean awake(Query query) {
        put(query);
        if (!replies.isEmpty() && replies.get(0).outcome() == Outcome.SILENT) {
            put(query); // one packet may be lost
        }
        if (replies.stream().anyMatch(Reply::answered)) {
            return true;
        }
        put(query.byTcp());
        return false;
    }

    private void put(Query query) {
        Duration left = Duration.ofNanos(deadline - ticker.nanos());
        if (left.isNegative() || left.isZero()) {
            return;
        }
        Reply reply = exchange.ask(server, query, left.compareTo(longest) < 0 ? left : longest);
        replies.add(reply);
        if (reply.truncated() && query.how() == Query.How.UDP) {
            put(query.byTcp());
        }
    }

    private Server done() {
        return new Server(server, replies);
    }
}
