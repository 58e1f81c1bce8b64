package io.clusterset.discovery;

import io.clusterset.discovery.model.Text;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One service's selections by their words: the same word gives the same one, and there is a bounded number of them. Thread-safe. */
final class Selections {

    private static final int MOST = 100;

    private final String whose;
    private volatile Map<String, Service> byWord = Map.of(); // replaced, never edited; guarded by this for writing

    /** None yet, of this service. */
    Selections(String whose) {
        this.whose = whose;
    }

    /** Takes no lock: it may be asked for with every call. */
    Optional<Service> find(String word) {
        return Optional.ofNullable(byWord.get(word));
    }

    /**
     * The selection of this word; made, if there is none by now.
     *
     * @throws IllegalArgumentException if it is one too many
     */
    synchronized Service add(String word, Supplier<Service> made) {
        Map<String, Service> all = new HashMap<>(byWord);
        if (all.size() >= MOST && !all.containsKey(word)) {
            throw new IllegalArgumentException(
                    whose + ": selection " + Text.quote(word) + " is one too many (expected: at most " + MOST + ")");
        }
        Service selected = all.computeIfAbsent(word, one -> made.get());
        byWord = Map.copyOf(all);
        return selected;
    }

    Collection<Service> all() {
        return byWord.values();
    }
}
