package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.SharedReflectors.Items;
import io.clusterset.discovery.kubernetes.SharedReflectors.Part;
import io.clusterset.discovery.time.Alarm;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The names of Services there are, watched as long as somebody asks for them now and then. Questions come first: it gives its
 * watch up to them. Used on the serial executor.
 */
final class Catalogue {

    private static final Duration NOBODY_ASKS = Duration.ofMinutes(10);

    private final SharedReflectors<ServiceObject> services;
    private final String key;
    private final Alarm nobodyAsks;
    private Optional<Wish> wish = Optional.empty();
    private Optional<Items<ServiceObject>> part = Optional.empty();

    /**
     * Watches nothing yet.
     *
     * @param key what all Services of a selection are found by
     */
    Catalogue(SharedReflectors<ServiceObject> services, String key, Clockwork clockwork) {
        this.services = services;
        this.key = key;
        this.nobodyAsks = clockwork.alarm();
    }

    /**
     * Somebody asks: it is worth a watch for 10 minutes more.
     *
     * @param taker told the names, as {@code orders.shop}, once they are known and whenever they change
     */
    void wanted(Selection<ServiceObject> selection, Consumer<Set<String>> taker) {
        wish = Optional.of(new Wish(selection, taker));
        nobodyAsks.set(NOBODY_ASKS, this::close);
    }

    /** Watches, if somebody asks and there is a place. */
    void begin() {
        if (part.isEmpty()) {
            part = wish.flatMap(one -> services.need(one.selection, key, this::tell));
            tell();
        }
    }

    /** Lets go of its watch until {@link #begin}; whether it had one. */
    boolean giveUp() {
        boolean had = part.isPresent();
        part.ifPresent(Part::release);
        part = Optional.empty();
        return had;
    }

    void close() {
        nobodyAsks.cancel();
        wish = Optional.empty();
        giveUp();
    }

    /** What was told before holds until there is a list. */
    private void tell() {
        part.filter(known -> known.state().synced())
                .ifPresent(known -> wish.ifPresent(one -> one.taker.accept(known.items().stream()
                        .map(item -> item.name() + "." + item.namespace())
                        .collect(Collectors.toUnmodifiableSet()))));
    }

    private record Wish(Selection<ServiceObject> selection, Consumer<Set<String>> taker) {}
}
