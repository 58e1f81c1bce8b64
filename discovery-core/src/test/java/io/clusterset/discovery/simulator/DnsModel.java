package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A cluster's DNS as a source: it answers when asked, and silence is an answer after two seconds. */
final class DnsModel implements EndpointSource {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration TTL = Duration.ofSeconds(Answer.TTL_SECONDS);

    private final World world;
    private final boolean home;
    private Optional<Listener> listener = Optional.empty();
    private boolean asking;

    DnsModel(World world, boolean home) {
        this.world = world;
        this.home = home;
    }

    @Override
    public Watch watch(Question question, Listener told) {
        listener = Optional.of(told);
        ask();
        return () -> listener = Optional.empty();
    }

    @Override
    public void refresh(Question question, Effort effort) {
        ask();
    }

    private void ask() {
        if (!asking && listener.isPresent()) {
            asking = true;
            world.lookup(home, PATIENCE, answer -> {
                asking = false;
                listener.ifPresent(one -> one.resolved(resolution(answer)));
            });
        }
    }

    private static Resolution resolution(Answer answer) {
        return switch (answer.kind()) {
            case FOUND -> new Resolution.Found(answer.endpoints(), TTL, Evidence.NONE);
            case EMPTY -> new Resolution.Empty(TTL, Evidence.NONE);
            case NO_SUCH_NAME -> new Resolution.NoSuchName(TTL, Evidence.NONE);
            case UNKNOWN -> new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of("SERVFAIL"));
        };
    }

    @Override
    public void close() {
        listener = Optional.empty();
    }
}
