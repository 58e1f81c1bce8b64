package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Endpoint;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A call's attempts, counted as the core counts them: not those that were refused, while there may be somebody it has not met. */
final class Attempts {

    private final int most;
    private final List<InetSocketAddress> met = new ArrayList<>(1); // ten at most, and one as a rule
    private int refused;
    private boolean again; // a further round: all who were known have been met

    /** With how many the call may have. */
    Attempts(int most) {
        this.most = most;
    }

    /** One begins; which it is, from 1. */
    int begin(Endpoint endpoint) {
        again |= met.contains(endpoint.socketAddress());
        met.add(endpoint.socketAddress());
        return met.size();
    }

    /** It ended like this. */
    void failed(Failure failure) {
        refused += failure.isRefusal() ? 1 : 0;
    }

    boolean anyBegun() {
        return !met.isEmpty();
    }

    /** Whether another may come after the one that was begun last, for all that is known: else it has all the time that is left. */
    boolean mayBeFollowed() {
        int begun = met.size();
        boolean others = most > 1 && !again && begun - refused < most && begun < Call.MOST_ATTEMPTS;
        return begun < most || others;
    }
}
