package io.clusterset.discovery.dns;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * Asks DNS for one tier: once when a watch begins and once per {@link #refresh}. It never asks on its own; when to ask again
 * is the cache's business. A question that is being asked is not asked twice.
 *
 * <p>Names are absolute and lie under the tier's zone; A and AAAA go out together on sockets of their own, or SRV and the
 * addresses of targets without glue (at most 32). Thread-safe; all state lives on the serial executor, no caller waits.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2308">RFC 2308</a> for NODATA and NXDOMAIN
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2782">RFC 2782</a> for SRV
 */
public final class DnsSource implements EndpointSource {

    private final List<InetSocketAddress> servers;
    private final DnsClient client;
    private final AddressPolicy policy;
    private final Ticker ticker;
    private final Executor serial;

    /** Watched questions; used on the serial executor. */
    private final Map<Question, Asked> asked = new HashMap<>();

    private boolean closed;

    /**
     * A source over a shared loop.
     *
     * @param options how to ask; its nameservers are who is asked, in order; with none every answer is unknown
     * @param random where message ids come from: a {@link java.security.SecureRandom} outside tests
     */
    @SuppressWarnings("exports") // io is not exported: the builder makes these
    public DnsSource(DnsOptions options, IoLoop io, RandomGenerator random, Ticker ticker, Executor serial) {
        this.servers = options.nameservers();
        this.client = new DnsClient(io, random, options.timeout());
        this.policy = new AddressPolicy(options.allowAddresses());
        this.ticker = ticker;
        this.serial = serial;
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        serial.execute(() -> {
            Asked state = asked.computeIfAbsent(question, q -> new Asked(new Families(ticker)));
            state.listeners.add(listener);
            ask(question, state, Effort.NORMAL);
        });
        return () -> serial.execute(() -> {
            Asked state = asked.get(question);
            if (state != null && state.listeners.remove(listener) && state.listeners.isEmpty()) {
                asked.remove(question);
            }
        });
    }

    @Override
    public void refresh(Question question, Effort effort) {
        serial.execute(() -> {
            Asked state = asked.get(question);
            if (state != null) {
                ask(question, state, effort);
            }
        });
    }

    private void ask(Question question, Asked state, Effort effort) {
        if (state.asking || closed) {
            return;
        }
        List<InetSocketAddress> servers = question.nameservers().isEmpty() ? this.servers : question.nameservers();
        if (servers.isEmpty()) {
            tell(state, unknown("no nameserver known (looked in resolv.conf; set discovery.dns.nameservers)"));
            return;
        }
        Name name;
        Name zone;
        try {
            name = Name.fromString(question.name() + ".");
            zone = Name.fromString(question.zone() + ".");
        } catch (TextParseException malformed) {
            tell(state, unknown("not a DNS name: " + malformed.getMessage()));
            return;
        }
        state.asking = true;
        Consumer<Resolution> done = resolution -> {
            state.asking = false;
            tell(state, resolution);
        };
        Lookup.Asker asker = (asked, type, then) -> client.ask(
                asked, type, servers, effort, reply -> serial.execute(() -> guarded(() -> then.accept(reply), done)));
        Lookup lookup = new Lookup(question, name, asker, new AnswerReader(zone, policy), state.families, done);
        guarded(lookup::start, done);
    }

    /** Whatever goes wrong in reading an answer is an answer too: a question must never stay open for ever. */
    private static void guarded(Runnable part, Consumer<Resolution> done) {
        try {
            part.run();
        } catch (RuntimeException unreadable) {
            done.accept(unknown("the answer could not be read: " + unreadable));
        }
    }

    private void tell(Asked state, Resolution resolution) {
        if (!closed) {
            List.copyOf(state.listeners).forEach(listener -> listener.resolved(resolution));
        }
    }

    @Override
    public void close() {
        serial.execute(() -> {
            closed = true;
            asked.clear();
        });
    }

    static Name absolute(String dotted) {
        try {
            return Name.fromString(dotted + ".");
        } catch (TextParseException checkedBefore) {
            throw new IllegalStateException(checkedBefore);
        }
    }

    private static Resolution unknown(String why) {
        return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of(why));
    }

    private static final class Asked {
        private final Families families;
        private final List<Listener> listeners = new ArrayList<>();
        private boolean asking;

        private Asked(Families families) {
            this.families = families;
        }
    }
}
