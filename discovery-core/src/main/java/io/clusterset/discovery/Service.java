package io.clusterset.discovery;

import io.clusterset.discovery.call.AttemptLoop;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.EndpointCall;
import io.clusterset.discovery.call.RetryBudget;
import io.clusterset.discovery.call.TimedCall;
import io.clusterset.discovery.failover.Failover;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One service, in all tiers. Thread-safe; get it from {@link Discovery#service} and keep it.
 *
 * <p>A caller waits only for a service's very first answer, 2.5 s at most. After that every method returns from what is known
 * and never waits for DNS.
 */
public final class Service {

    private static final Duration FIRST_ANSWER = Duration.ofMillis(2_500); // a decision is made after 2 s

    private static final int MOST_SELECTIONS = 100;

    private final ServiceName name;
    private final Selection selection;
    private volatile List<Tier> tiers; // written on the serial executor
    private final Current current;
    private volatile Map<String, Service> selections = Map.of(); // replaced, never edited; guarded by this for writing
    private final Stages stages;
    private final AttemptLoop loop;
    private final Consumer<Service> onUse;
    private volatile List<CompletableFuture<?>> open = List.of(); // what somebody waits for; as selections

    /** Null while the service rests; used on the serial executor, as is {@code proven}. */
    private @Nullable Pipeline pipeline;

    private boolean proven;
    private Map<Object, Watcher> parked = Map.of(); // while the library is switched off; as pipeline

    /** Set by callers, cleared by the idle sweep; written only when it changes, so that it stays in every core's cache. */
    private volatile boolean used = true;

    Service(ServiceName name, Selection selection, List<Tier> tiers, Stages stages, Consumer<Service> onUse) {
        this.name = name;
        this.selection = selection;
        this.tiers = tiers;
        this.current = new Current(name);
        this.stages = stages;
        this.onUse = onUse;
        this.loop = new AttemptLoop(
                selection.subject(name),
                this::picker,
                current::settled,
                new RetryBudget(stages.budget(), stages.ticker()),
                stages.ticker(),
                stages.scheduler(),
                stages.sleeper(),
                stages.callbacks(),
                stages.random());
    }

    /** The service's name. */
    public ServiceName name() {
        return name;
    }

    /**
     * Picks the endpoint to call now. Report its outcome to the attempt.
     *
     * @throws io.clusterset.discovery.model.NoSuchServiceException if every tier says that the name does not exist
     * @throws io.clusterset.discovery.model.NoEndpointException if the service has no endpoint at present
     * @throws io.clusterset.discovery.model.ResolutionException if no tier could tell
     * @throws DiscoveryException if the discovery was closed, or the thread was interrupted while it waited for the first
     *     answer (its flag stays set)
     */
    public Attempt next() {
        return new Attempt(picker().pick());
    }

    /**
     * As {@link #next()}, the same endpoint for the same key while the set stays the same.
     *
     * @throws DiscoveryException as {@link #next()}
     */
    public Attempt next(Affinity affinity) {
        return new Attempt(picker().pick(affinity));
    }

    /**
     * Picks, calls, reports, and on failure goes elsewhere as far as the call allows. The last failure is thrown, earlier
     * ones suppressed in it.
     *
     * @throws DiscoveryException as {@link #next()}
     */
    public <T, E extends Exception> T call(Call call, EndpointCall<T, E> function) throws E {
        return loop.<T, E>run(call, (endpoint, left) -> function.on(endpoint));
    }

    /**
     * As {@link #call(Call, EndpointCall)}; the function is told how long each attempt may take.
     *
     * @throws DiscoveryException as {@link #next()}
     */
    public <T, E extends Exception> T call(Call call, TimedCall<T, E> function) throws E {
        return loop.run(call, function);
    }

    /**
     * As {@link #call(Call, EndpointCall)} without a waiting thread; an attempt that outlasts its time is cancelled and counts
     * as failed. Failures complete the future, never this method.
     */
    public <T> CompletableFuture<T> callAsync(Call call, Function<Endpoint, ? extends CompletionStage<T>> function) {
        if (pickerNow() == null) {
            return runWhenReady(call, function);
        }
        touch();
        return loop.runAsync(call, function);
    }

    /** The call's deadline holds for the wait, too. */
    private <T> CompletableFuture<T> runWhenReady(
            Call call, Function<Endpoint, ? extends CompletionStage<T>> function) {
        CompletableFuture<T> result = new CompletableFuture<>();
        long began = stages.ticker().nanos();
        Scheduler.Pending tooLate = stages.scheduler()
                .schedule(
                        call.deadline(),
                        () -> stages.callbacks()
                                .execute(() -> result.completeExceptionally(
                                        new DiscoveryException(name + ": no first answer within " + call.deadline()))));
        ready().whenComplete((ready, closed) -> {
            tooLate.cancel();
            Duration left = call.deadline().minusNanos(stages.ticker().nanos() - began);
            if (closed != null) {
                result.completeExceptionally(Current.closedException(name));
            } else if (!result.isDone() && !left.isNegative() && !left.isZero()) {
                CompletableFuture<T> running = loop.runAsync(call.deadline(left), function);
                CompletionStage<T> asked = result;
                asked.whenComplete((value, thrown) -> running.cancel(true)); // nothing to cancel unless the caller did
                CompletionStage<T> answer = running;
                answer.whenComplete((value, thrown) -> {
                    if (thrown == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(thrown);
                    }
                });
            } else {
                result.completeExceptionally(
                        new DiscoveryException(name + ": no first answer within " + call.deadline()));
            }
        });
        return result;
    }

    /**
     * All endpoints of all tiers, the one to try first first; empty if there is none.
     *
     * @throws DiscoveryException if the discovery was closed or the wait for the first answer was interrupted
     */
    public List<Endpoint> endpoints() {
        return picker().ordered().stream().map(Candidate::endpoint).toList();
    }

    /**
     * The same service with some of its endpoints only, for calls that mean these: {@code orders.selecting("canary", endpoint
     * -> "canary".equals(endpoint.labels().get("track")))}. What answers and health say is shared; load and failover are its
     * own: where home has none of them, its calls go to the next tier's, and where nobody has, they fail. A predicate that
     * throws selects everything, which is reported once.
     *
     * @param what the selection in a word, as explain, events and errors name it; the same word gives the same service, its
     *     first predicate included. At most 100 of a service
     * @param predicate true for the endpoints to use; pure, and called on the discovery's own thread
     * @throws IllegalArgumentException if the word is blank, or one too many
     * @throws DiscoveryException if the discovery is closed
     */
    public Service selecting(String what, Predicate<Endpoint> predicate) {
        String word = Text.safe(what.strip());
        if (word.isEmpty()) {
            throw new IllegalArgumentException(this + ": selection " + Text.quote(what) + " (expected: a word)");
        }
        if (isSelection()) {
            throw new IllegalArgumentException(
                    this + ": is a selection itself (expected: one of the service, with both conditions)");
        }
        if (current.closed()) {
            throw Current.closedException(name);
        }
        Service known = selections.get(word);
        if (known != null) {
            known.touch(); // no more: it may be asked for with every call
            return known;
        }
        Service selected = selected(word, predicate);
        onUse.accept(selected);
        return selected;
    }

    private synchronized Service selected(String word, Predicate<Endpoint> predicate) {
        Map<String, Service> all = new HashMap<>(selections);
        if (all.size() >= MOST_SELECTIONS && !all.containsKey(word)) {
            throw new IllegalArgumentException(this + ": selection " + Text.quote(word)
                    + " is one too many (expected: at most " + MOST_SELECTIONS + ")");
        }
        Service selected =
                all.computeIfAbsent(word, w -> new Service(name, new Selection(w, predicate), tiers, stages, onUse));
        selections = Map.copyOf(all);
        return selected;
    }

    boolean isSelection() {
        return !selection.what().isEmpty();
    }

    /**
     * What all tiers last said.
     *
     * @throws DiscoveryException as {@link #endpoints()}
     */
    public Snapshot snapshot() {
        return decision().snapshot();
    }

    /**
     * What was last decided, with every reason.
     *
     * @throws DiscoveryException as {@link #endpoints()}
     */
    public Decision decision() {
        touch();
        Decision decided = current.decision();
        if (decided == null) { // not yet, or it rested
            Picker now = picker();
            decided = now instanceof SystemPicker system ? system.decision() : current.decision();
        }
        if (decided == null) {
            throw crowdedOut();
        }
        return decided;
    }

    /**
     * Why calls go where they go.
     *
     * @throws DiscoveryException as {@link #endpoints()}
     */
    public Explanation explain() {
        return explanation(decision());
    }

    private Explanation explanation(Decision decided) {
        List<String> subjects = new ArrayList<>();
        subjects.add(selection.subject(name));
        subjects.add(Event.Reloaded.SETTINGS);
        decided.snapshot().tiers().forEach(tier -> {
            subjects.add(tier.tier()); // drills
            tier.endpoints().forEach(endpoint -> subjects.add(endpoint.authority()));
        });
        return new Explanation(
                decided,
                stages.ticker().nanos(),
                stages.log().about(subjects, 10),
                stages.now().said(name));
    }

    /**
     * Asks all tiers anew, in the background, and believes at once what they say, without waiting for a second answer. For when
     * somebody knows that DNS was wrong. What a tier can't tell is kept as always.
     */
    public void invalidate() {
        touch();
        stages.serial().execute(() -> ifRunning(Pipeline::invalidate));
    }

    /**
     * Tells a listener of every new snapshot, the present one first, on the discovery's callback thread. What it throws is
     * contained and reported as an event.
     *
     * @return ends the watch when closed; idempotent
     * @throws DiscoveryException if the discovery is closed
     */
    public Watching watch(Consumer<Snapshot> listener) {
        AtomicBoolean over = new AtomicBoolean(); // and its key
        onUse.accept(this);
        if (current.closed()) {
            throw Current.closedException(name);
        }
        stages.serial().execute(() -> add(over, listener));
        return () -> {
            over.set(true);
            stages.serial().execute(() -> {
                ifRunning(running -> running.removeWatcher(over));
                park(all -> all.remove(over));
            });
        };
    }

    private void add(AtomicBoolean over, Consumer<Snapshot> listener) {
        Pipeline running = pipeline;
        if (over.get() || current.closed()) {
            return;
        }
        if (running != null) {
            running.addWatcher(over, listener);
        } else if (!stages.now().enabled()) {
            park(all -> all.put(over, new Watcher(selection.subject(name), listener, stages)));
        } else { // it came to rest before the listener's turn came
            onUse.accept(this);
            stages.serial().execute(() -> add(over, listener));
        }
    }

    /** Completes when there is a first answer, good or bad; fails only if the discovery is closed before. Never blocks. */
    public CompletionStage<Service> ready() {
        CompletableFuture<Service> ready = new CompletableFuture<>();
        open(ready);
        pickerNow();
        CompletionStage<Picker> first = current.first();
        touch(); // only now: the one to wait for, or it comes to rest in between and nobody wakes it
        // the user's continuation must not run on the thread that everything else needs
        first.whenCompleteAsync(
                (answered, closed) -> {
                    if (closed == null) {
                        ready.complete(this);
                    } else {
                        ready.completeExceptionally(Current.closedException(name));
                    }
                },
                stages.callbacks());
        return ready;
    }

    /**
     * Waits until every tier has answered and, if wished, probes up to 16 known endpoints and lets the probes alone settle
     * their verdicts. For tools and tests: a caller needs none of this.
     */
    public CompletionStage<Explanation> examine(boolean probe) {
        touch();
        CompletableFuture<Explanation> done = new CompletableFuture<>();
        open(done);
        if (done.isDone()) {
            return done;
        }
        stages.serial().execute(() -> examine(probe, done));
        return done;
    }

    /** On the serial executor, where nobody may wait. */
    private void examine(boolean probe, CompletableFuture<Explanation> done) {
        Pipeline running = pipeline;
        if (running == null) {
            explain(done);
            return;
        }
        running.examine(
                probe,
                () -> stages.serial().execute(() -> {
                    if (pipeline == running) {
                        explain(done);
                    } else {
                        examine(probe, done); // another one has taken its place
                    }
                }));
    }

    private void explain(CompletableFuture<Explanation> done) {
        Decision decided = current.decision();
        if (decided != null) {
            done.complete(explanation(decided));
        } else if (current.picker() instanceof SystemPicker system) {
            stages.callbacks().execute(() -> done.complete(explanation(system.decision())));
        } else {
            done.completeExceptionally(crowdedOut()); // closed, or gone again before its turn came
        }
    }

    /** Nobody completes what is queued on an executor that is closed: close does. */
    private void open(CompletableFuture<?> answer) {
        replaceOpen(Stream.of(answer));
        CompletionStage<?> ended = answer;
        ended.whenComplete((value, thrown) -> replaceOpen(Stream.empty()));
        if (current.closed()) {
            answer.completeExceptionally(Current.closedException(name));
        }
    }

    private synchronized void replaceOpen(Stream<CompletableFuture<?>> more) {
        open = Stream.<CompletableFuture<?>>concat(open.stream().filter(other -> !other.isDone()), more)
                .toList();
    }

    private DiscoveryException crowdedOut() {
        return current.closed()
                ? Current.closedException(name)
                : new DiscoveryException(name + ": too many new names are looked up at once");
    }

    /** {@code orders.shop}; {@code orders.shop (canary)} for a selection. */
    @Override
    public String toString() {
        return selection.subject(name);
    }

    Picker picker() {
        touch();
        Picker now = pickerNow();
        return now != null ? now : awaitFirst();
    }

    /** Switched off, even a new service does not wait for the executor: that one may be what is wrong. */
    private @Nullable Picker pickerNow() {
        Picker now = current.picker();
        if (now == null && !stages.now().enabled()) {
            bypass();
            onUse.accept(this); // it may have been switched on meanwhile, and must follow
            stages.serial().execute(this::replanned);
            return current.picker();
        }
        return now;
    }

    private void touch() {
        if (!used) {
            used = true;
            onUse.accept(this); // it may have been suspended meanwhile
        }
    }

    private Picker awaitFirst() {
        CompletableFuture<Picker> first = current.first();
        touch(); // once more, as in ready()
        try {
            return first.get(FIRST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException(name + ": interrupted while waiting for the first answer", interrupted);
        } catch (ExecutionException failed) {
            throw Current.closedException(name);
        } catch (TimeoutException late) {
            throw new DiscoveryException(
                    name + ": no decision in " + FIRST_ANSWER
                            + " (is the discovery's executor blocked, or are too many new names looked up at once?)",
                    late);
        }
    }

    // --- on the serial executor

    /** Begins to ask, unless it does. */
    void start() {
        if (!stages.now().enabled()) {
            bypass();
        } else if (pipeline == null && !current.closed()) {
            begin(new Failover(() -> stages.now().failover(), stages.ticker(), stages.random()));
        }
    }

    private void begin(Failover failover) {
        tiers = stages.now().tiers(name, tiers);
        current.unsettle();
        Pipeline begun = new Pipeline(name, selection, tiers, stages, current, failover, parked);
        parked = Map.of();
        pipeline = begun;
        begun.start();
    }

    private void park(Consumer<Map<Object, Watcher>> change) {
        Map<Object, Watcher> all = new HashMap<>(parked);
        change.accept(all);
        parked = Map.copyOf(all);
    }

    /** Ends what runs; who watches is told again by the one that takes its place. */
    private void setAside(Pipeline running) {
        parked = running.watchers();
        proven |= running.proven();
        running.close();
        pipeline = null;
    }

    /** Another plan holds. Callers go on with what was decided until there is a new decision. */
    void replanned() {
        Pipeline running = pipeline;
        Plan plan = stages.now();
        if (!plan.enabled()) {
            ifRunning(this::setAside);
            bypass();
        } else if (running == null) {
            start();
        } else if (running.goesBy(plan, plan.tiers(name, tiers))) {
            running.replanned();
        } else {
            setAside(running);
            begin(running.failover()); // a return that is under way goes on
        }
    }

    /** What all endpoints listen at, if they agree. */
    private OptionalInt portNow() {
        if (current.picker() instanceof SystemPicker before) {
            return before.portBefore();
        }
        Decision now = current.decision();
        int[] ports = now == null
                ? new int[0]
                : now.snapshot().tiers().stream()
                        .flatMap(tier -> tier.endpoints().stream())
                        .mapToInt(Endpoint::port)
                        .distinct()
                        .limit(2)
                        .toArray();
        return ports.length == 1 ? OptionalInt.of(ports[0]) : OptionalInt.empty();
    }

    /** Has the system resolver answer, at once; on any thread. */
    void bypass() {
        Plan plan = stages.now();
        Tier home = plan.tiers(name, tiers).get(0);
        current.bypass(new SystemPicker(name, home, portNow(), stages));
        selections.values().forEach(Service::bypass);
    }

    private void ifRunning(Consumer<Pipeline> task) {
        Pipeline running = pipeline;
        if (running != null) {
            task.accept(running);
        }
    }

    void drilled() {
        ifRunning(Pipeline::drilled);
    }

    /** Whether some tier has had an endpoint for it, or somebody watches it: then it is no made-up name. */
    boolean proven() {
        ifRunning(running -> proven |= running.proven());
        return proven || !parked.isEmpty();
    }

    /** Whether every tier has answered, be it that there is nothing. */
    boolean answered() {
        Pipeline running = pipeline;
        return running == null || running.answered();
    }

    /** Rests if nobody asked since the last sweep; whether it still runs. */
    boolean sweep() {
        boolean waits = !stages.now().enabled() && (used || !parked.isEmpty());
        if (used) {
            used = false;
        } else {
            ifRunning(running -> {
                if (!running.watched()) {
                    stop(running);
                }
            });
        }
        return pipeline != null || waits;
    }

    /** Rests until it is used again; who waits for its first answer is told that there is none. */
    void rest() {
        used = false;
        ifRunning(running -> {
            running.giveUp();
            stop(running);
        });
    }

    private void stop(Pipeline running) {
        proven |= running.proven();
        running.close();
        pipeline = null;
        current.rest();
    }

    /** Ends it for good. */
    void shut() {
        ifRunning(Pipeline::close);
        pipeline = null;
        wakeWaiters(); // of a selection whose service rests, nobody else does
    }

    /** Tells whoever waits; safe on any thread. */
    void wakeWaiters() {
        current.close();
        loop.close();
        open.forEach(answer -> answer.completeExceptionally(Current.closedException(name)));
        selections.values().forEach(Service::wakeWaiters);
    }

    /** A running watch. */
    @FunctionalInterface
    public interface Watching extends AutoCloseable {
        @Override
        void close();
    }
}
