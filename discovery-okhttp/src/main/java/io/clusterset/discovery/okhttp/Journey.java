package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.Service;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way: which attempt it is at, and what OkHttp did meanwhile, as far as an {@link Observer} sees it. A tag of the call.
 * Written by the thread that runs the call; read by listeners on others.
 */
final class Journey {

    private final Set<Lane> lanes = new HashSet<>(); // of the site, which it has been at
    private @Nullable Site site;
    private volatile boolean observed;
    private volatile Optional<Leg> leg = Optional.empty();
    private volatile Optional<FollowUp> followUp = Optional.empty();
    private volatile Optional<Lane> held = Optional.empty();

    static Journey of(Call call) {
        return call.tag(Journey.class, Journey::new);
    }

    /** Somebody tells what happens: without, no more is known of an attempt than how it ended. */
    void observe() {
        observed = true;
    }

    boolean observed() {
        return observed;
    }

    /**
     * The lanes to a site's endpoints that the call has been on: OkHttp may still hold a connection of one of them, also from before an
     * interceptor in front asked once more.
     */
    Set<Lane> lanes(Site at) {
        if (!at.equals(site)) { // it does not keep one to another name
            lanes.clear();
            site = at;
        }
        return lanes;
    }

    Leg begin(Service service, CallAttempt attempt, Lane lane) {
        followUp = Optional.empty();
        Leg begun = new Leg(service, attempt, lane);
        // one that the call holds is not acquired again
        leg.filter(before -> before.lane.equals(lane))
                .flatMap(before -> before.connection)
                .ifPresent(begun::acquired);
        leg = Optional.of(begun);
        return begun;
    }

    Optional<Leg> leg() {
        return leg;
    }

    Optional<CallAttempt> attempt() {
        return leg.map(Leg::attempt);
    }

    /** The call holds this connection from now on, and no other. */
    void acquired(Connection connection) {
        leg.ifPresent(now -> now.acquired(connection));
        held = leg.map(now -> now.lane);
    }

    /** Whose connection the call holds: not always the present attempt's. */
    Optional<Lane> held() {
        return held;
    }

    /** The call is not steered any more. */
    void leave() {
        leg = Optional.empty();
    }

    /** OkHttp goes on with another request because of a response. */
    void follow(Response response, Request next) {
        followUp = Optional.of(new FollowUp(response, next));
    }

    /** Where OkHttp was sent last in this attempt, if anywhere. */
    Optional<FollowUp> followUp() {
        return followUp;
    }

    /** A response that sends the call elsewhere, and where. */
    record FollowUp(Response response, Request next) {}

    /** One attempt, as OkHttp makes it. */
    static final class Leg {
        private final Service service;
        private final CallAttempt attempt;
        private final Lane lane;
        private volatile boolean connected;
        private volatile boolean sent;
        private volatile boolean delivered;
        private volatile boolean givenUp;
        private volatile Optional<SteeredSockets> sockets = Optional.empty();
        private volatile Optional<Connection> connection = Optional.empty();

        private Leg(Service service, CallAttempt attempt, Lane lane) {
            this.service = service;
            this.attempt = attempt;
            this.lane = lane;
        }

        Service service() {
            return service;
        }

        CallAttempt attempt() {
            return attempt;
        }

        void connecting() {
            connected = true;
        }

        /** Whether it went over a connection that was there before. */
        boolean reused() {
            return !connected;
        }

        void acquired(Connection now) {
            connection = Optional.of(now);
        }

        void sending() {
            sent = true;
        }

        /** Whether the endpoint may have seen anything of the request. */
        boolean sent() {
            return sent;
        }

        void deliver() {
            delivered = true;
        }

        /** Whether OkHttp did anything at all. */
        boolean begun() {
            return connected || sent || connection.isPresent();
        }

        /** Whether the response is in the user's hands. */
        boolean delivered() {
            return delivered;
        }

        /** The endpoint does not work, and there is time for another: what it was asked over ends. */
        void giveUp() {
            givenUp = true;
            sockets.ifPresent(SteeredSockets::close);
            connection
                    .map(now -> now.route().address().socketFactory())
                    .filter(SteeredSockets.class::isInstance)
                    .map(SteeredSockets.class::cast)
                    .ifPresent(SteeredSockets::close);
        }

        /** Whether a connection is being made, the TLS handshake included: nothing was sent. */
        boolean connects() {
            return connected && !sent;
        }

        void over(SteeredSockets made) {
            sockets = Optional.of(made);
        }

        boolean isGivenUp() {
            return givenUp;
        }
    }
}
