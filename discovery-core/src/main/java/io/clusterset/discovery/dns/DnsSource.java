package io.clusterset.discovery.dns;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * Asks DNS: once when a watch begins and once per {@link #refresh}. When to ask again is the cache's business; only what got
 * no answer is asked again from here, as soon as a nameserver is back. A question that is being asked is not asked twice.
 *
 * <p>Names are absolute and lie under the tier's zone; A and AAAA go out together on sockets of their own, or SRV and the
 * addresses of targets without glue (at most 32). All questions together send at most 100 queries a second, 600 at once;
 * then they wait in line, those that were found before first, and of the others the last. Thread-safe; all state lives on the serial executor, no
 * caller waits.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2308">RFC 2308</a> for NODATA and NXDOMAIN
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2782">RFC 2782</a> for SRV
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5452">RFC 5452</a> for what keeps forgers out
 */
public final class DnsSource implements EndpointSource {

    private static final Duration REREAD = Duration.ofSeconds(30);
    private static final Duration REREAD_IN_TROUBLE = Duration.ofSeconds(1);
    private static final Duration KNOCKS_APART = Duration.ofSeconds(1);
    private static final Duration SPREAD = Duration.ofSeconds(1);

    private final Supplier<DnsOptions> options;
    private final Supplier<Detected> surroundings;
    private final Executor background;
    private final DnsClient client;
    private final AddressOrder order;
    private final RandomGenerator random;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Executor serial;
    private final EventSink events;

    // all below is used on the serial executor

    private final QueryLine line;
    private final Map<Question, Asked> asked = new LinkedHashMap<>();
    private final Alarm knock;
    private final Alarm look;
    private Detected detected;
    private boolean proven; // what was detected has found something: it is the cluster's
    private long readAt;
    private int recoveries;
    private boolean closed;

    /**
     * A source over a shared loop.
     *
     * @param options how to ask, and whom, as it is at any time; with no nameservers there, those that are detected
     * @param surroundings detects them; now, and when they may have changed: every 30 s while questions are watched, every
     *     second while they get no answer. That there are none any more changes nothing: a file may be about to be rewritten
     * @param background where {@code surroundings} are looked at the second time: a file is not for the serial executor
     * @param random where message ids come from: a {@link java.security.SecureRandom} outside tests
     * @param routes the address packets to a destination would come from; empty if there is no route
     */
    @SuppressWarnings("exports") // io is not exported: the builder makes these
    public DnsSource(
            Supplier<DnsOptions> options,
            Supplier<Detected> surroundings,
            IoLoop io,
            Executor background,
            RandomGenerator random,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            EventSink events,
            Function<InetAddress, Optional<InetAddress>> routes) {
        this.order = new AddressOrder(routes);
        this.options = options;
        this.surroundings = surroundings;
        this.background = background;
        this.events = events;
        this.serial = serial;
        this.client = new DnsClient(io, random, ticker, () -> options.get().timeout(), nameserverEvents());
        this.random = random;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.line =
                new QueryLine(new QueryBudget(ticker), client::repeated, new Alarm(ticker, scheduler, serial), events);
        this.knock = new Alarm(ticker, scheduler, serial);
        this.look = new Alarm(ticker, scheduler, serial);
        this.detected = options.get().nameservers().isEmpty() ? surroundings.get() : Detected.nobody();
        this.readAt = ticker.nanos();
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        serial.execute(() -> {
            Asked state = asked.computeIfAbsent(question, q -> new Asked(q, new Families(ticker)));
            state.listeners.add(listener);
            if (detects() && !closed && look.left().isEmpty()) {
                lookAgain(REREAD);
            }
            ask(state, Effort.NORMAL);
        });
        return () -> serial.execute(() -> {
            Asked state = asked.get(question);
            if (state != null && state.listeners.remove(listener) && state.listeners.isEmpty()) {
                asked.remove(question);
                state.inLine.forEach(Scheduler.Pending::cancel);
            }
        });
    }

    @Override
    public void refresh(Question question, Effort effort) {
        serial.execute(() -> {
            Asked state = asked.get(question);
            if (state != null) {
                ask(state, effort);
            }
        });
    }

    /** Other options hold: whoever got no answer asks again. On the serial executor. */
    public void reconfigured() {
        recovered();
    }

    private void ask(Asked state, Effort effort) {
        if (closed) {
            return;
        }
        if (state.asking) {
            state.confirmNext |= effort == Effort.CONFIRM && state.effort != Effort.CONFIRM;
            return;
        }
        if (servers(state.question).isEmpty()) { // without a place in line: nothing will be sent
            nobodyToAsk(state);
            return;
        }
        state.asking = true;
        state.effort = effort;
        state.inLine.clear();
        QueryLine.Kind kind = effort == Effort.CONFIRM
                ? QueryLine.Kind.CONFIRMATION
                : state.found ? QueryLine.Kind.FOUND_BEFORE : QueryLine.Kind.NEVER_FOUND;
        state.inLine.add(line.join(kind, state.cost(), () -> start(state)));
    }

    private void nobodyToAsk(Asked state) {
        state.failing = true;
        rereadAfter(REREAD_IN_TROUBLE);
        tell(state, unknown(detected.note()));
    }

    private void start(Asked state) {
        Question question = state.question;
        List<InetSocketAddress> servers = servers(question);
        if (servers.isEmpty()) { // not any more
            state.asking = false;
            nobodyToAsk(state);
            return;
        }
        Name name;
        Name zone;
        try {
            name = Name.fromString(question.name() + ".");
            zone = Name.fromString(question.zone() + ".");
        } catch (TextParseException malformed) {
            state.asking = false;
            tell(state, unknown("not a DNS name: " + malformed.getMessage()));
            return;
        }
        state.failing = false;
        state.askedAt = ticker.nanos();
        int recoveriesBefore = recoveries;
        Consumer<Resolution> done = resolution -> {
            state.asking = false;
            if (state.confirmNext) {
                state.confirmNext = false;
                ask(state, Effort.CONFIRM); // this answer was to the question before
                return;
            }
            if (resolution instanceof Resolution.Found) {
                state.found = true;
                state.failing = false; // what one family left unanswered is asked for when the answer ends
            }
            tell(state, timed(state, doubted(question, resolution)));
            if (state.failing && recoveries != recoveriesBefore) {
                askSoon(state); // part of it failed before the server was back
            }
        };
        int[] paid = {state.cost()};
        Lookup.Asker asker = (wanted, type, then) -> {
            Runnable query = () -> client.ask(
                    wanted,
                    type,
                    zone,
                    servers,
                    state.effort,
                    reply -> serial.execute(() -> {
                        noteFailure(state, reply);
                        guarded(() -> then.accept(reply), done);
                    }));
            if (paid[0] > 0) {
                paid[0]--;
                query.run();
            } else {
                state.inLine.add(line.join(QueryLine.Kind.BEGUN, 1, query));
            }
        };
        Lookup.Meanwhile meanwhile = (wait, soFar) -> {
            if (!state.found) { // else what is known serves on
                Scheduler.Pending later = scheduler.schedule(
                        wait,
                        () -> serial.execute(() -> soFar.get()
                                .ifPresent(resolution -> tell(state, timed(state, doubted(question, resolution))))));
                state.again.cancel();
                state.again = later;
            }
        };
        AnswerReader reader =
                new AnswerReader(zone, new AddressPolicy(options.get().allowAddresses()));
        Lookup lookup = new Lookup(
                question,
                name,
                asker,
                reader,
                state.families,
                order,
                options.get().srvWeights(),
                meanwhile,
                done);
        guarded(lookup::start, done);
        line.giveBack(paid[0]); // a family that is asked seldom
        paid[0] = 0;
    }

    private List<InetSocketAddress> servers(Question question) {
        if (!question.nameservers().isEmpty()) {
            return question.nameservers();
        }
        return detects() ? detected.nameservers() : options.get().nameservers();
    }

    private boolean detects() {
        return options.get().nameservers().isEmpty();
    }

    /** Until they have found something, what is odd about the nameservers may be why they don't. */
    private Resolution doubted(Question question, Resolution resolution) {
        if (!detects() || !question.nameservers().isEmpty() || question.zone().isEmpty()) {
            return resolution;
        }
        proven |= resolution instanceof Resolution.Found;
        if (proven || detected.note().isEmpty()) {
            return resolution;
        }
        Evidence seen = resolution.evidence();
        String detail = (seen.detail().isEmpty() ? "" : seen.detail() + "; ") + detected.note();
        return resolution.withEvidence(seen.withDetail(detail));
    }

    private Resolution timed(Asked state, Resolution resolution) {
        Duration took = Duration.ofNanos(ticker.nanos() - state.askedAt);
        return resolution.withEvidence(resolution.evidence().withTook(took));
    }

    private void noteFailure(Asked state, DnsReply reply) {
        if (reply instanceof DnsReply.Failed failed) {
            state.failing = true;
            line.giveBack(failed.unsent() ? 1 : 0);
            rereadAfter(REREAD_IN_TROUBLE);
            if (knock.left().isEmpty()) {
                knock.set(KNOCKS_APART, this::knockAgain);
            }
        }
    }

    /** While questions get no answer, one of them a second finds out whether that is still so. */
    private void knockAgain() {
        asked.values().stream()
                .filter(state -> state.failing && !state.asking)
                .min(Comparator.comparingLong(state -> state.askedAt - ticker.nanos()))
                .ifPresent(state -> ask(state, Effort.NORMAL));
        if (asked.values().stream().anyMatch(state -> state.failing)) {
            knock.set(KNOCKS_APART, this::knockAgain);
        }
    }

    /** A nameserver is back: whoever got no answer asks again, spread over a second. */
    private void recovered() {
        recoveries++;
        knock.cancel();
        asked.values().stream().filter(state -> state.failing).toList().forEach(this::askSoon);
    }

    private void askSoon(Asked state) {
        Scheduler.Pending soon = scheduler.schedule(
                Duration.ofNanos((long) (SPREAD.toNanos() * random.nextDouble())),
                () -> serial.execute(() -> {
                    if (state.failing && asked.get(state.question) == state) {
                        ask(state, Effort.NORMAL);
                    }
                }));
        state.again.cancel();
        state.again = soon;
    }

    /** However seldom questions are asked: an answer of those that are no longer the nameservers is worth nothing. */
    private void lookAgain(Duration age) {
        if (!asked.isEmpty()) {
            rereadAfter(age);
            look.set(REREAD, () -> lookAgain(Duration.ZERO));
        }
    }

    private void rereadAfter(Duration age) {
        if (!detects() || closed || ticker.nanos() - readAt < age.toNanos()) {
            return;
        }
        readAt = ticker.nanos();
        background.execute(() -> {
            Detected now = surroundings.get();
            serial.execute(() -> reread(now));
        });
    }

    private void reread(Detected now) {
        List<InetSocketAddress> before = detected.nameservers();
        if (closed || (now.nameservers().isEmpty() && !before.isEmpty())) {
            return;
        }
        detected = now;
        if (!now.nameservers().equals(before)) {
            proven = false;
            events.accept(new Event.Trouble(
                    "",
                    "dns: the nameservers in resolv.conf are " + shown(now.nameservers()) + " now, and were "
                            + shown(before)));
            recovered();
        }
    }

    private Nameservers.Listener nameserverEvents() {
        return new Nameservers.Listener() {
            @Override
            public void down(InetSocketAddress server, Name zone) {
                events.accept(new Event.Trouble(
                        "",
                        "dns: " + DnsClient.show(server) + " has left five questions for " + AnswerReader.show(zone)
                                + " unanswered: asked once a second now; what is known serves on"));
            }

            @Override
            public void back(InetSocketAddress server, Name zone) {
                events.accept(new Event.Trouble(
                        "", "dns: " + DnsClient.show(server) + " answers again for " + AnswerReader.show(zone)));
                serial.execute(DnsSource.this::recovered);
            }
        };
    }

    private static String shown(List<InetSocketAddress> servers) {
        return servers.isEmpty()
                ? "none"
                : servers.stream().map(DnsClient::show).collect(Collectors.joining(", "));
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
            line.close();
            knock.cancel();
            look.cancel();
            asked.values().forEach(state -> state.again.cancel());
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

    /** A watched question. */
    private static final class Asked {
        private final Question question;
        private final Families families;
        private final List<Listener> listeners = new ArrayList<>();
        private Effort effort = Effort.NORMAL;
        private Scheduler.Pending again = () -> {};
        private boolean asking; // or waiting in line to be asked
        private boolean failing; // the last time, somebody did not answer
        private boolean found; // at some time
        private long askedAt;
        private boolean confirmNext;
        private final List<Scheduler.Pending> inLine = new ArrayList<>();

        private Asked(Question question, Families families) {
            this.question = question;
            this.families = families;
        }

        /** How many queries it begins with. */
        int cost() {
            return question.port().isPresent() ? 1 : 2;
        }
    }
}
