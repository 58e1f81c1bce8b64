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
import io.clusterset.discovery.time.Backoff;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Remembers one tier's answers: within the TTL nobody is asked; shortly before its end (80–90 %) the source is asked again
 * while the old answer serves on; an answer of "unknown" keeps what was found for {@link CacheOptions#staleFor()} and is
 * retried with backoff. A question nobody watches any more is remembered as long (10,000 of them) and not refreshed.
 *
 * <p>Thread-safe; all state lives on the serial executor, no caller waits.
 */
public final class CachingSource implements EndpointSource {

    private static final int IDLE_NAMES = 10_000;
    private static final Duration SHORTEST_NEGATIVE = Duration.ofSeconds(1);
    private static final Backoff KNOWN_RETRY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2);
    private static final Backoff COLD_RETRY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5), 0.2);
    private static final Backoff STANDBY_RETRY = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), 0.2);

    private final EndpointSource upstream;
    private final CacheOptions options;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Executor serial;
    private final RandomGenerator random;

    /** Watched questions; used on the serial executor, as is {@code closed}. */
    private final Map<Question, Entry> entries = new HashMap<>();

    private final Cache<Question, Answer> idle;
    private boolean closed;

    /** Around another source. */
    public CachingSource(
            EndpointSource upstream,
            CacheOptions options,
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
                .expireAfterWrite(Math.max(1, options.staleFor().toNanos()), TimeUnit.NANOSECONDS)
                .ticker(ticker::nanos)
                .executor(serial)
                .build();
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        serial.execute(() -> {
            if (!closed) {
                entries.computeIfAbsent(question, Entry::new).join(listener);
            }
        });
        return () -> serial.execute(() -> {
            Entry entry = entries.get(question);
            if (entry != null) {
                entry.leave(listener);
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

    @Override
    public Optional<Locality> ownLocality() {
        return upstream.ownLocality();
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

    /**
     * An answer and when it came.
     *
     * @param resolution as delivered: its {@code freshFor} counts from {@code at}
     * @param at ticker nanoseconds
     * @param foundAt when endpoints were last confirmed
     */
    private record Answer(Resolution resolution, long at, long foundAt) {
        Resolution aged(long now) {
            Duration left = resolution.freshFor().minusNanos(now - at);
            return resolution.freshFor(left.isNegative() ? Duration.ZERO : left);
        }
    }

    /** One watched question. Lives on the serial executor. */
    private final class Entry {
        private final Question question;
        private final List<Listener> listeners = new ArrayList<>();
        private final Alarm refresh = new Alarm(ticker, scheduler, serial);
        private Optional<Answer> last = Optional.empty();
        private Optional<Watch> watch = Optional.empty();
        private final Map<Object, Long> seenAt = new HashMap<>(); // each endpoint, by the last answer that held it
        private boolean asking;
        private final Set<Object> resting = new HashSet<>(); // those for whom the tier only stands by
        private int failures;
        private int negatives;

        Entry(Question question) {
            this.question = question;
        }

        void join(Listener listener) {
            listeners.add(listener);
            if (watch.isPresent()) {
                last.ifPresent(answer -> listener.resolved(answer.aged(ticker.nanos())));
                return;
            }
            Answer remembered = idle.getIfPresent(question);
            idle.invalidate(question);
            if (remembered != null) {
                last = Optional.of(remembered);
                remembered
                        .resolution()
                        .endpoints()
                        .forEach(known -> seenAt.put(known.socketAddress(), remembered.foundAt()));
                listener.resolved(remembered.aged(ticker.nanos()));
            }
            watchUpstream();
        }

        private void watchUpstream() {
            asking = true;
            try {
                watch = Optional.of(upstream.watch(question, answer -> serial.execute(() -> answered(answer))));
            } catch (RuntimeException thrown) {
                answered(threw(thrown));
            }
        }

        private Resolution threw(RuntimeException thrown) {
            String what = "the source threw " + thrown.getClass().getName();
            return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of(what));
        }

        void leave(Listener listener) {
            listeners.remove(listener);
            if (listeners.isEmpty()) {
                stop();
                entries.remove(question);
                last.ifPresent(answer -> idle.put(question, answer));
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
                try {
                    upstream.refresh(question, effort);
                } catch (RuntimeException thrown) {
                    answered(threw(thrown));
                }
            }
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
                negatives = 0;
                ask(Effort.NORMAL);
            }
        }

        private void answered(Resolution answer) {
            if (closed || listeners.isEmpty()) {
                return;
            }
            asking = false;
            Resolution kept = keep(answer);
            long now = ticker.nanos();
            long foundAt = answer instanceof Resolution.Found
                    ? now
                    : last.map(Answer::foundAt).orElse(now);
            last = Optional.of(new Answer(kept, now, foundAt));
            if (!pushed(kept)) {
                refresh.set(untilRefresh(kept), () -> ask(Effort.NORMAL));
            }
            List.copyOf(listeners).forEach(listener -> listener.resolved(kept));
        }

        private Resolution keep(Resolution answer) {
            if (answer instanceof Resolution.Found found) {
                failures = 0;
                negatives = 0;
                long now = ticker.nanos();
                if (found.complete()) {
                    seenAt.clear();
                } else {
                    seenAt.values().removeIf(at -> now - at > options.staleFor().toNanos());
                }
                found.endpoints().forEach(endpoint -> seenAt.put(endpoint.socketAddress(), now));
                Duration ttl =
                        pushed(found) ? found.freshFor() : clamp(found.freshFor(), options.minTtl(), options.maxTtl());
                return found.complete() ? found.freshFor(ttl) : grown(found).freshFor(ttl);
            }
            if (answer instanceof Resolution.Unknown unknown) {
                failures++;
                List<Endpoint> known = stillBelieved();
                Backoff retry = known.isEmpty() ? COLD_RETRY : KNOWN_RETRY;
                return new Resolution.Unknown(known, retry.after(failures, random), unknown.evidence());
            }
            failures = 0;
            negatives++;
            Duration ttl = clamp(answer.freshFor(), SHORTEST_NEGATIVE, options.maxNegativeTtl());
            Duration rare = STANDBY_RETRY.after(negatives, random);
            return answer.freshFor(standingBy() && rare.compareTo(ttl) > 0 ? rare : ttl);
        }

        /** A partial answer adds and never removes. */
        private Resolution.Found grown(Resolution.Found partial) {
            Map<Object, Endpoint> all = new LinkedHashMap<>();
            partial.endpoints().forEach(endpoint -> all.put(endpoint.socketAddress(), endpoint));
            stillBelieved().stream()
                    .filter(endpoint -> seenAt.containsKey(endpoint.socketAddress()))
                    .forEach(endpoint -> all.putIfAbsent(endpoint.socketAddress(), endpoint));
            return new Resolution.Found(List.copyOf(all.values()), false, partial.freshFor(), partial.evidence());
        }

        private List<Endpoint> stillBelieved() {
            long now = ticker.nanos();
            return last.filter(answer ->
                            now - answer.foundAt() <= options.staleFor().toNanos())
                    .map(answer -> answer.resolution().endpoints())
                    .orElse(List.of());
        }

        /** Found answers are asked for again a little before they end, the others when they end. */
        private Duration untilRefresh(Resolution answer) {
            if (answer instanceof Resolution.Found) {
                double part = 0.8 + 0.1 * random.nextDouble();
                return Duration.ofNanos((long) (answer.freshFor().toNanos() * part));
            }
            return answer.freshFor();
        }
    }

    /** Fresh for longer than any TTL: a source that says so tells of changes by itself. */
    private static boolean pushed(Resolution answer) {
        return answer.freshFor().compareTo(EndpointSource.PUSHED) > 0;
    }

    private static Duration clamp(Duration value, Duration least, Duration most) {
        return value.compareTo(least) < 0 ? least : value.compareTo(most) > 0 ? most : value;
    }
}
