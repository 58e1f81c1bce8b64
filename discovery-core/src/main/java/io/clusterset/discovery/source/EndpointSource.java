package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The one way into the library for endpoints: DNS polls, Kubernetes pushes, a static list never changes, and the stages
 * behind can't tell which it was. Implementations are thread-safe, never block the caller, never throw for network reasons.
 */
public interface EndpointSource extends AutoCloseable {

    /**
     * A resolution that is fresh for longer than this comes from a source that tells of changes by itself and need not be
     * asked again. Sources that must be asked never say more than this.
     */
    Duration PUSHED = Duration.ofDays(1);

    /**
     * Starts answering. The first resolution comes soon, later ones when the source learns more or is asked to {@link
     * #refresh}. A source that cannot tell says {@link Resolution.Unknown}; it never stays silent.
     *
     * @param listener told on any thread, one call at a time per watch; may be called before this method returns
     * @return stops the answers
     */
    Watch watch(Question question, Listener listener);

    /** Asks a watched question sooner than the source would have. Ignored if nobody watches it or it is being asked. */
    void refresh(Question question, Effort effort);

    /** Where this process runs, if the source can tell. */
    default Optional<Locality> ownLocality() {
        return Optional.empty();
    }

    /**
     * The services it knows of, as {@code orders.shop}, besides those it is asked for; none if it can't tell, or not yet: what is not
     * known is looked for in the background.
     */
    default Set<String> serviceNames() {
        return Set.of();
    }

    /** Ends all watches and lets go of sockets and threads. Idempotent. */
    @Override
    void close();

    /** Takes resolutions. */
    @FunctionalInterface
    interface Listener {
        /** One answer. */
        void resolved(Resolution resolution);
    }

    /** A running watch. */
    @FunctionalInterface
    interface Watch {
        /** Stops the answers; idempotent. */
        void close();
    }

    /** How hard to ask. */
    enum Effort {
        /** As usual. */
        NORMAL,
        /** Another server and another transport than last time, to confirm a surprising answer. */
        CONFIRM
    }
}
