package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Tells a call's {@link Journey} what OkHttp does; connects of calls that are not steered are left to the {@link ConnectWatch}. */
final class Observer extends ConnectWatch {

    private volatile Optional<Journey> journey = Optional.empty();

    Observer(EventListener users, DiscoveryDns dns) {
        super(users, dns);
    }

    private Optional<Journey.Leg> leg() {
        return journey.flatMap(Journey::leg);
    }

    @Override
    boolean watches(Call call) {
        return leg().isEmpty();
    }

    /** Not before: a call has no tags yet when its listener is made. */
    @Override
    public void callStart(Call call) {
        Journey begun = Journey.of(call);
        begun.observe();
        journey = Optional.of(begun);
        super.callStart(call);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        leg().ifPresent(Journey.Leg::connecting);
        super.connectStart(call, address, proxy);
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        journey.ifPresent(going -> going.acquired(connection));
        super.connectionAcquired(call, connection);
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        journey.flatMap(Journey::held).ifPresent(lane -> lane.released(connection));
        super.connectionReleased(call, connection);
    }

    @Override
    public void requestHeadersStart(Call call) {
        leg().ifPresent(Journey.Leg::sending);
        super.requestHeadersStart(call);
    }

    @Override
    public void responseFailed(Call call, IOException failure) {
        leg().filter(leg -> leg.delivered() && !call.isCanceled())
                .ifPresent(leg -> leg.service()
                        .report(
                                leg.attempt().endpoint().socketAddress(),
                                new Outcome.FailedSoft("the body broke off: " + failure.getMessage())));
        super.responseFailed(call, failure);
    }

    @Override
    public void followUpDecision(Call call, Response response, @Nullable Request next) {
        if (next != null) {
            journey.ifPresent(going -> going.follow(response, next));
        }
        super.followUpDecision(call, response, next);
    }
}
