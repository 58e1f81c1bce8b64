package io.clusterset.discovery.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Remembers one tier's answers: within the TTL nobody is asked; shortly before its end (80–90 %) the source is asked again
 * while the old answer serves on; an answer of "unknown" keeps what was found for {@link CacheOptions#staleFor()} and is
 * retried with backoff. An answer that would drop most of what is known is asked for once more before it is believed
 * ({@link Effort#CONFIRM}); partial answers, and those of a server that gives one address at a time, add up. A question nobody watches any more is remembered as long (20,000 of them) and not refreshed.
 *
 * <p>Thread-safe; all state lives on the serial executor, no caller waits.
 */
public final class CachingSource implements EndpointSource {

    private static final int IDLE_NAMES = 20_000; // of 10,000 services in two tiers
    private static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(2); // DNS may take 30 s, and wait in line

    private final EndpointSource upstream;
    private final Supplier<CacheOptions> options;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Executor serial;
    private final RandomGenerator random;

    /** Watched questions; used on the serial executor, as is {@code closed}. */
    private final Map<Question, Entry> entries = new HashMap<>();

    private final Cache<Question, Answer> idle;
    private final Counts counts = new Counts();
    private volatile int watched; // entries, for other threads
    private boolean closed;
    private Optional<News> news = Optional.empty(); // used on the serial executor, as are the next two
    private boolean expecting; // what was known before a restart may be on its way
    private boolean waiting; // for it, before the source is asked

    /** Around another source, with the options as they are at any time. */
    public CachingSource(
            EndpointSource upstream,
            Supplier<CacheOptions> options,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            RandomGenerator random) {
        this.upstream = upstream;
        this.options = options;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.serial = serial;
        this.random = random;
        this.idle = Caffeine.newBuilder()
                .maximumSize(IDLE_NAMES)
                .expireAfterWrite(CacheOptions.LONGEST_STALE.toNanos(), TimeUnit.NANOSECONDS)
                .ticker(ticker::nanos)
                .executor(serial)
                .build();
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        serial.execute(() -> {
            if (!closed) {
                Entry entry = entries.computeIfAbsent(question, Entry::new);
                watched = entries.size();
                entry.join(listener);
            }
        });
        return () -> serial.execute(() -> {
            Entry entry = entries.get(question);
            if (entry != null) {
                entry.leave(listener);
                watched = entries.size();
            }
        });
    }

    @Override
    public void refresh(Question question, Effort effort) {
        serial.execute(() -> {
            Entry entry = entries.get(question);
            if (entry != null) {
                entry.ask(effort);
            }
        });
    }

    /** Asks a watched question anew and believes the answer at once, however surprising; "unknown" keeps what is known. */
    public void invalidate(Question question) {
        serial.execute(() -> {
            Entry entry = entries.get(question);
            if (entry != null) {
                entry.invalidate();
            }
        });
    }

    /** When a watched question's endpoints were last found, in ticker nanoseconds; empty if never. On the serial executor. */
    public OptionalLong foundAt(Question question) {
        Entry entry = entries.get(question);
        return entry == null || entry.last.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(entry.last.get().foundAt());
    }

    /** What it did so far; on any thread. */
    public CacheStats stats() {
        return new CacheStats(
                watched,
                idle.estimatedSize(),
                counts.joined.sum(),
                counts.asked.sum(),
                counts.found.sum(),
                counts.negative.sum(),
                counts.unknown.sum(),
                counts.confirmations.sum());
    }

    /**
     * Says whether the question's tier is only standing by for one of its watchers. While it is for all of them, "nothing here" is asked again ever more rarely (5 s
     * to 5 min); when it no longer is and its last answer was not "found", it is asked at once.
     */
    public void standby(Question question, Object watcher, boolean standingBy) {
        serial.execute(() -> {
            Entry entry = entries.get(question);
            if (entry != null) {
                entry.standby(watcher, standingBy);
            }
        });
    }

    /** What was known before a restart is being read: until it has come, "unknown" is not told. On the serial executor. */
    void expectMemories(News told) {
        news = Optional.of(told);
        expecting = true;
        waiting = true;
    }

    /** It takes long: the source is asked meanwhile. On the serial executor. */
    void askMeanwhile() {
        waiting = false;
        List.copyOf(entries.values()).forEach(Entry::watchUpstreamAtLast);
    }

    /** No more will come. On the serial executor. */
    void expectMemoriesNoLonger() {
        expecting = false;
        List.copyOf(entries.values()).forEach(Entry::tellHeldBack);
        if (waiting) {
            serial.execute(this::askMeanwhile); // who was just told something goes first
        }
    }

    /** Takes what was known before a restart, where nothing better is known. On the serial executor. */
    void recall(List<LastFound> memories) {
        long now = ticker.nanos();
        List<LastFound> recent = memories.stream()
                .filter(memory -> now - memory.at() <= options.get().staleFor().toNanos())
                .toList();
        for (LastFound memory : recent) { // somebody waits for these
            Entry entry = closed ? null : entries.get(memory.question());
            if (entry != null) {
                entry.recall(memory, now);
            }
        }
        for (LastFound memory : recent) {
            boolean unheard = !entries.containsKey(memory.question()) && idle.getIfPresent(memory.question()) == null;
            if (unheard && !closed) {
                idle.put(memory.question(), Answer.unconfirmed(memory.endpoints(), memory.at(), now));
            }
        }
    }

    /** What was found last, and of what since then is said to be gone, that. On the serial executor. */
    List<LastFound> lastFound() {
        List<LastFound> all = new ArrayList<>();
        entries.forEach((question, entry) -> {
            entry.stillTrue();
            entry.last.ifPresent(answer -> answer.lastFound(question, all::add));
        });
        idle.asMap().forEach((question, answer) -> answer.lastFound(question, all::add));
        return all;
    }

    @Override
    public Optional<Locality> ownLocality() {
        return upstream.ownLocality();
    }

    @Override
    public Set<String> serviceNames() {
        return upstream.serviceNames();
    }

    @Override
    public void close() {
        serial.execute(() -> {
            closed = true;
            entries.values().forEach(Entry::stop);
            entries.clear();
            idle.invalidateAll();
        });
        upstream.close();
    }

    /** One watched question. Lives on the serial executor. */
    private final class Entry {
        private final Question question;
        private final List<Listener> listeners = new ArrayList<>();
        private final Set<Object> resting = new HashSet<>(); // those for whom the tier only stands by
        private final Alarm refresh = new Alarm(ticker, scheduler, serial);
        private final Known known = new Known(() -> options.get().staleFor());
        private final Pace pace = new Pace(options, random);
        private Optional<Answer> last = Optional.empty();
        private Optional<Watch> watch = Optional.empty();
        private boolean asking;
        private boolean believing; // the next answer is believed, whatever it is
        private boolean confirming; // the answer that comes is the second one
        private boolean heldBack; // the last answer is not told yet
        private boolean deferred; // the source is asked in a moment

        Entry(Question question) {
            this.question = question;
        }

        void join(Listener listener) {
            listeners.add(listener);
            if (watch.isPresent() || deferred) {
                counts.joined.increment();
                if (!heldBack) {
                    last.ifPresent(answer -> listener.resolved(answer.aged(ticker.nanos())));
                }
                return;
            }
            long now = ticker.nanos();
            last = Optional.ofNullable(idle.getIfPresent(question))
                    .filter(answer -> !answer.isOlder(options.get().staleFor(), now))
                    .flatMap(answer -> answer.recalled(now));
            idle.invalidate(question);
            last.ifPresent(answer -> {
                known.remember(answer.resolution().endpoints(), answer.foundAt());
                believing = answer.unconfirmed();
                listener.resolved(answer.aged(now));
            });
            deferred = waiting || believing; // a process's first question is slow, and somebody waits for what is known
            if (!deferred) {
                watchUpstream();
            } else if (!waiting) {
                serial.execute(this::watchUpstreamAtLast);
            }
        }

        private void watchUpstreamAtLast() {
            boolean due = deferred && watch.isEmpty();
            deferred = false;
            if (due && !listeners.isEmpty() && !closed) {
                watchUpstream();
            }
        }

        /** Before the first word of the source that has endpoints, or says that there are none. */
        void recall(LastFound memory, long now) {
            if (last.filter(answer -> !answer.tellsNothing()).isPresent()) {
                return;
            }
            Answer answer = Answer.unconfirmed(memory.endpoints(), memory.at(), now);
            known.remember(memory.endpoints(), memory.at());
            believing = true;
            heldBack = false;
            last = Optional.of(answer);
            tell(answer.resolution());
        }

        void tellHeldBack() {
            if (heldBack) {
                heldBack = false;
                last.ifPresent(answer -> tell(answer.aged(ticker.nanos())));
            }
        }

        private void tell(Resolution resolution) {
            List.copyOf(listeners).forEach(listener -> listener.resolved(resolution));
        }

        private void watchUpstream() {
            asking = true;
            counts.asked.increment();
            try {
                watch = Optional.of(upstream.watch(question, answer -> serial.execute(() -> answered(answer))));
            } catch (RuntimeException thrown) {
                answered(threw(thrown));
            }
        }

        private Resolution threw(RuntimeException thrown) {
            return silence("the source threw " + thrown.getClass().getName());
        }

        private Resolution silence(String what) {
            return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of(what));
        }

        void leave(Listener listener) {
            listeners.remove(listener);
            if (listeners.isEmpty()) {
                stop();
                entries.remove(question);
                stillTrue();
                last.ifPresent(answer -> idle.put(question, answer)); // "nothing" too: who wakes must not wait for it
            }
        }

        void stop() {
            refresh.cancel();
            watch.ifPresent(Watch::close);
        }

        void ask(Effort effort) {
            if (watch.isEmpty()) {
                watchUpstream();
                return;
            }
            if (!asking || effort == Effort.CONFIRM) {
                asking = true;
                refresh.cancel();
                counts.asked.increment();
                try {
                    upstream.refresh(question, effort);
                } catch (RuntimeException thrown) {
                    answered(threw(thrown));
                }
            }
        }

        void invalidate() {
            believing = true;
            pace.restart();
            ask(Effort.NORMAL);
        }

        private boolean standingBy() {
            return resting.size() >= listeners.size();
        }

        void standby(Object watcher, boolean now) {
            boolean before = standingBy();
            if (now) {
                resting.add(watcher);
            } else {
                resting.remove(watcher);
            }
            if (before && !standingBy() && last.isPresent() && !(last.get().resolution() instanceof Resolution.Found)) {
                pace.hurry();
                ask(Effort.NORMAL);
            }
        }

        private void answered(Resolution answer) {
            if (closed || listeners.isEmpty()) {
                return;
            }
            asking = false;
            stillTrue();
            long now = ticker.nanos();
            if (believing && !(answer instanceof Resolution.Unknown)) {
                believing = false;
                known.forget();
            }
            if (!confirming && !Pace.pushed(answer) && known.surprisedBy(answer, now)) {
                confirming = true;
                counts.confirmations.increment();
                ask(Effort.CONFIRM);
                if (asking) { // else it has been answered already
                    refresh.set(CONFIRMED_WITHIN, () -> answered(silence(answer.word() + ", and nobody confirmed it")));
                }
                return;
            }
            confirming = false;
            Resolution kept = keep(answer, now);
            long foundAt = answer instanceof Resolution.Found
                    ? now
                    : last.map(Answer::foundAt).orElse(now);
            List<Endpoint> before =
                    last.map(one -> one.resolution().endpoints()).orElse(List.of());
            boolean had = !kept.endpoints().isEmpty() || last.map(Answer::had).orElse(false);
            boolean unconfirmed = answer instanceof Resolution.Unknown
                    && last.map(Answer::unconfirmed).orElse(false);
            last = Optional.of(new Answer(kept, now, foundAt, had, unconfirmed));
            if (Pace.pushed(kept)) {
                refresh.cancel();
            } else {
                refresh.set(pace.untilAsked(kept), () -> ask(Effort.NORMAL));
            }
            heldBack = expecting && last.get().tellsNothing();
            if (!heldBack) {
                tell(kept);
            }
            news.ifPresent(told -> {
                boolean changed = !Endpoint.same(before, kept.endpoints());
                if (changed || answer instanceof Resolution.Found) {
                    told.heard(changed);
                }
            });
        }

        /** Who tells of changes has told of none: what was found last is as good as if it had been found now. */
        private void stillTrue() {
            long now = ticker.nanos();
            last.filter(answer -> answer.resolution() instanceof Resolution.Found && Pace.pushed(answer.resolution()))
                    .ifPresent(answer -> {
                        last = Optional.of(answer.stillTrue(now));
                        known.stillThere(now);
                    });
        }

        private Resolution keep(Resolution answer, long now) {
            if (answer instanceof Resolution.Found found) {
                counts.found.increment();
                return known.take(found, pace.found(found), now);
            }
            if (answer instanceof Resolution.Unknown unknown) {
                counts.unknown.increment();
                List<Endpoint> believed = known.endpoints(now);
                return new Resolution.Unknown(believed, pace.unknown(unknown, !believed.isEmpty()), unknown.evidence());
            }
            counts.negative.increment();
            known.forget();
            return answer.freshFor(pace.negative(answer, standingBy()));
        }
    }

    /** Hears of what would be worth remembering over a restart. */
    @FunctionalInterface
    interface News {
        /** Endpoints were found again, or they have changed. On the serial executor. */
        void heard(boolean changed);
    }

    /** Written on the serial executor, read by any thread. */
    private static final class Counts {
        private final LongAdder joined = new LongAdder();
        private final LongAdder asked = new LongAdder();
        private final LongAdder found = new LongAdder();
        private final LongAdder negative = new LongAdder();
        private final LongAdder unknown = new LongAdder();
        private final LongAdder confirmations = new LongAdder();
    }
}
