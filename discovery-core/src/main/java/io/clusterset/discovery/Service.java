package io.clusterset.discovery;

import io.clusterset.discovery.call.AttemptLoop;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.EndpointCall;
import io.clusterset.discovery.call.RetryBudget;
import io.clusterset.discovery.call.TimedCall;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.observe.ServiceCounts;
import io.clusterset.discovery.source.Tier;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    private final ServiceName name;
    private final Selection selection;
    private final Current current;
    private final Selections selections;
    private final Stages stages;
    private final RetryBudget budget;
    private final ServiceCounts counts;
    private final Residence residence;
    private final AttemptLoop loop;
    private final Consumer<Service> onUse;
    private final Promises promises;
    private final FirstAnswer firstAnswer;
    private final Account account;

    /** Set by callers, cleared by the idle sweep; written only when it changes, so that it stays in every core's cache. */
    private volatile boolean used = true;

    Service(ServiceName name, List<Tier> tiers, Stages stages, Consumer<Service> onUse) {
        this(name, Selection.ALL, tiers, stages, onUse, new ServiceCounts());
    }

    private Service(
            ServiceName name,
            Selection selection,
            List<Tier> tiers,
            Stages stages,
            Consumer<Service> onUse,
            ServiceCounts counts) {
        this.counts = counts;
        this.name = name;
        this.selection = selection;
        this.current = new Current(name);
        this.selections = new Selections(selection.subject(name));
        this.promises = new Promises(name, current);
        this.firstAnswer = new FirstAnswer(
                name, current, promises, stages.ticker(), stages.scheduler(), stages.callbacks(), this::touch);
        this.stages = stages;
        this.onUse = onUse;
        // a selection's answers and load are its service's: it counts attempts alone
        ServiceCounts told = isSelection() ? new ServiceCounts() : counts;
        this.residence = new Residence(name, selection, tiers, stages, current, told, () -> onUse.accept(this));
        this.budget = new RetryBudget(stages.budget(), stages.ticker());
        this.account = new Account(name, selection, current, budget, stages);
        this.loop = new AttemptLoop(
                selection.subject(name),
                this::picker,
                current::settled,
                budget,
                counts,
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
        return new Attempt(picker().pick(), counts);
    }

    /**
     * As {@link #next()}, the same endpoint for the same key while the set stays the same.
     *
     * @throws DiscoveryException as {@link #next()}
     */
    public Attempt next(Affinity affinity) {
        return new Attempt(picker().pick(affinity), counts);
    }

    /**
     * As {@link #next()}, but nothing has begun yet; for adapters to clients that choose first and call later, if at all. Where
     * everything was tried, as if nothing had been.
     *
     * @throws DiscoveryException as {@link #next()}
     */
    public Pick pick(Wish wish) {
        Picker now = picker();
        Optional<Candidate> wished = wish.tried().isEmpty()
                ? wish.preferred().flatMap(this::candidate).filter(Candidate::isGood)
                : now.another(wish.tried(), wish.leaving());
        return new Pick(wished.orElseGet(() -> wish.affinity().map(now::pick).orElseGet(now::pick)), counts);
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
        Picker now = pickerNow();
        if (now == null) {
            return firstAnswer.before(call, inTime -> loop.runAsync(inTime, function));
        }
        touch();
        if (now instanceof SystemPicker) { // it waits for the system's resolver, and the caller may be an event loop
            return promises.on(stages.callbacks(), () -> loop.runAsync(call, function));
        }
        return loop.runAsync(call, function);
    }

    /**
     * How somebody else's attempt at an endpoint of this service ended: for clients that choose among addresses themselves. It
     * counts as if it had been an attempt of this library, but for the time it took, which nobody said; of an endpoint that is not
     * known (any more), it is not heard. Never waits.
     *
     * @param address the endpoint's address and port
     */
    public void report(InetSocketAddress address, Outcome outcome) {
        touch(); // a client that keeps its connections may use it without ever asking for endpoints
        candidate(address).ifPresent(candidate -> new Attempt(candidate, counts).report(outcome));
    }

    /**
     * What is thought of an endpoint now; empty if it is not known (any more), and while the service is at rest or the library switched
     * off. Never waits.
     *
     * @param address the endpoint's address and port
     */
    public Optional<Verdict> verdict(InetSocketAddress address) {
        return candidate(address).map(Candidate::verdict);
    }

    private Optional<Candidate> candidate(InetSocketAddress address) {
        Decision decided = current.decision();
        if (decided == null || address.isUnresolved()) {
            return Optional.empty();
        }
        Endpoint sought = Endpoint.of(address.getAddress(), address.getPort());
        return decided.tiers().stream()
                .flatMap(tier -> tier.candidates().stream())
                .filter(candidate -> candidate.endpoint().sameAddress(sought))
                .findFirst();
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
        Optional<Service> known = selections.find(word);
        if (known.isPresent()) {
            known.get().touch(); // no more: it may be asked for with every call
            return known.get();
        }
        Service selected = selections.add(
                word,
                () -> new Service(name, new Selection(word, predicate), residence.tiers(), stages, onUse, counts));
        onUse.accept(selected);
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
        return account.now(decision(), stages.ticker().nanos());
    }

    /**
     * Why calls went where they went some time ago, for "why then?" the morning after: what was decided then, with the verdicts,
     * answers and events of that time. The last 32 decisions that differ are kept, 4,096 of all services together; of a time before
     * the first of them the first is told, which says so.
     *
     * @param ago how long ago; not negative, and taken for a century if it is longer
     * @throws IllegalArgumentException if it is negative
     * @throws DiscoveryException as {@link #endpoints()}
     */
    public Explanation explainPast(Duration ago) {
        return account.past(decision(), stages.ticker().nanos(), ago);
    }

    /**
     * What is seen of it without using it; empty while nothing is decided: before the first answer, at rest, and while the library is
     * switched off. Never waits.
     */
    public Optional<Sight> sight() {
        return Optional.ofNullable(current.decision())
                .map(decided ->
                        new Sight(name, account, decided, stages.ticker().nanos()));
    }

    /**
     * Asks all tiers anew, in the background, and believes at once what they say, without waiting for a second answer. For when
     * somebody knows that DNS was wrong. What a tier can't tell is kept as always.
     */
    public void invalidate() {
        touch();
        stages.serial().execute(residence::invalidate);
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
        stages.serial().execute(() -> residence.watch(over, listener));
        return () -> {
            over.set(true);
            stages.serial().execute(() -> residence.unwatch(over));
        };
    }

    /** Completes when there is a first answer, good or bad; fails only if the discovery is closed before. Never blocks. */
    public CompletionStage<Service> ready() {
        pickerNow();
        return firstAnswer.ready(this);
    }

    /**
     * Waits until every tier has answered and, if wished, probes up to 16 known endpoints and lets the probes alone settle
     * their verdicts. For tools and tests: a caller needs none of this.
     */
    public CompletionStage<Explanation> examine(boolean probe) {
        touch();
        CompletableFuture<Explanation> done = promises.open();
        if (done.isDone()) {
            return done;
        }
        stages.serial().execute(() -> residence.examine(probe, () -> explain(done)));
        return done;
    }

    private void explain(CompletableFuture<Explanation> done) {
        Decision decided = current.decision();
        if (decided != null) {
            done.complete(account.now(decided, stages.ticker().nanos()));
        } else if (current.picker() instanceof SystemPicker system) {
            stages.callbacks()
                    .execute(() -> done.complete(
                            account.now(system.decision(), stages.ticker().nanos())));
        } else {
            done.completeExceptionally(crowdedOut()); // closed, or gone again before its turn came
        }
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
        return now != null ? now : firstAnswer.await();
    }

    /** Switched off, even a new service does not wait for the executor: that one may be what is wrong. */
    private @Nullable Picker pickerNow() {
        Picker now = current.picker();
        if (now == null && !stages.now().enabled()) {
            bypass();
            onUse.accept(this); // it may have been switched on meanwhile, and must follow
            stages.serial().execute(residence::replanned);
            return current.picker();
        }
        return now;
    }

    void touch() {
        if (!used) {
            used = true;
            onUse.accept(this); // it may have been suspended meanwhile
        }
    }

    /** Its stay on the serial executor, where that is used. */
    Residence residence() {
        return residence;
    }

    /** Has the system resolver answer, at once; on any thread. */
    void bypass() {
        residence.bypass();
        selections.all().forEach(Service::bypass);
    }

    /** Rests if nobody asked since the last sweep; whether it still runs. On the serial executor, as is the next. */
    boolean sweep() {
        boolean was = used;
        if (was) {
            used = false;
        }
        return residence.sweep(was);
    }

    /** Rests until it is used again; who waits for its first answer is told that there is none. */
    void rest() {
        used = false;
        residence.rest();
    }

    /** What is counted of it; on any thread. */
    Figures.OfService figures() {
        long now = stages.ticker().nanos();
        Optional<Decision> decided = Optional.ofNullable(current.decision());
        List<RetryBudget> budgets = Stream.concat(Stream.of(this), selections.all().stream())
                .map(service -> service.budget)
                .toList();
        return new Figures.OfService(
                name.toString(),
                counts.tiers(decided, now),
                decided.map(Decision::shed).orElse(0),
                counts.failovers(),
                counts.away(now),
                budgets.stream().mapToLong(RetryBudget::calls).sum(),
                budgets.stream().mapToLong(RetryBudget::retries).sum(),
                budgets.stream().mapToLong(RetryBudget::denied).sum(),
                budget.left());
    }

    /** Ends it for good. On the serial executor. */
    void shut() {
        residence.shut();
        wakeWaiters(); // of a selection whose service rests, nobody else does
    }

    /** Tells whoever waits; safe on any thread. */
    void wakeWaiters() {
        current.close();
        loop.close();
        promises.close();
        selections.all().forEach(Service::wakeWaiters);
    }

    /** A running watch. */
    @FunctionalInterface
    public interface Watching extends AutoCloseable {
        @Override
        void close();
    }
}
