package io.clusterset.discovery;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.observe.Explanation;
import java.time.Duration;

/**
 * What is seen of a service at a moment by who only looks, such as a page: having one uses no service and keeps none in use. Get it
 * from {@link Discovery#sight}, and anew for the next look. Thread-safe; never waits.
 */
public final class Sight {

    private final ServiceName name;
    private final Account account;
    private final Decision decision;
    private final long now;

    Sight(ServiceName name, Account account, Decision decision, long now) {
        this.name = name;
        this.account = account;
        this.decision = decision;
        this.now = now;
    }

    /** The service's name. */
    public ServiceName name() {
        return name;
    }

    /** What was decided last; the same object as long as nothing was decided anew. */
    public Decision decision() {
        return decision;
    }

    /** The moment, in nanoseconds of the discovery's ticker: the clock of its decisions and events. */
    public long now() {
        return now;
    }

    /** As {@link Service#explain()}. Costs more than the decision alone. */
    public Explanation explain() {
        return account.now(decision, now);
    }

    /**
     * As {@link Service#explainPast}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Explanation explainPast(Duration ago) {
        return account.past(decision, now, ago);
    }
}
