package io.clusterset.discovery.kubernetes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The objects a reflector knows, found by what they belong to. Only what is newer changes anything, so that changes told twice or
 * in another order end in the same state. Not thread-safe.
 */
final class Shelf<T> {

    private static final int MOST_GONE = 10_000;

    private final Function<Item<T>, List<String>> keys;
    private final Map<String, Item<T>> byName = new HashMap<>();
    private final Map<String, Map<String, Item<T>>> byKey = new HashMap<>();

    /** The versions at which objects went: until the next list, a late change must not bring them back. */
    private final Map<String, String> gone = new LinkedHashMap<>();

    /** The version of the last list: of what it did not have, nothing older is new. */
    private String base = "";

    /** With what an object is found by. */
    Shelf(Function<Item<T>, List<String>> keys) {
        this.keys = keys;
    }

    /** What belongs to it, in the order of names. */
    Collection<Item<T>> of(String key) {
        Map<String, Item<T>> found = byKey.get(key);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    /** How many there are. */
    int size() {
        return byName.size();
    }

    /** It is there, or has changed; returns the keys whose objects are others now. */
    Set<String> put(Item<T> item) {
        String name = name(item.namespace(), item.name());
        Item<T> before = byName.get(name);
        if (before != null && !Versions.newer(item.version(), before.version())) {
            return Set.of();
        }
        String went = gone.get(name);
        boolean late = went == null
                ? before == null && Versions.comparable(item.version(), base) && !Versions.newer(item.version(), base)
                : !Versions.newer(item.version(), went);
        if (late) {
            return Set.of();
        }
        gone.remove(name);
        Set<String> touched = new LinkedHashSet<>();
        set(name, item, touched);
        return touched;
    }

    /** It is gone; returns the keys whose objects are others now. */
    Set<String> gone(String namespace, String plainName, String version) {
        String name = name(namespace, plainName);
        Item<T> before = byName.get(name);
        if (before != null
                && Versions.comparable(version, before.version())
                && Versions.newer(before.version(), version)) {
            return Set.of(); // of one that had the name before
        }
        String went = gone.get(name);
        if (went == null || Versions.newer(version, went)) {
            gone.remove(name); // it goes to the end
            gone.put(name, version);
            if (gone.size() > MOST_GONE) {
                gone.remove(gone.keySet().iterator().next());
            }
        }
        Set<String> touched = new LinkedHashSet<>();
        take(name, touched);
        return touched;
    }

    /**
     * A whole list has come. What is known to have changed after it stays as it is.
     *
     * @param version of the list
     * @return the keys whose objects are others now
     */
    Set<String> merge(List<Item<T>> list, String version) {
        base = "";
        gone.values().removeIf(went -> !after(went, version));
        Set<String> touched = new LinkedHashSet<>();
        Set<String> listed = new LinkedHashSet<>();
        for (Item<T> item : list) {
            listed.add(name(item.namespace(), item.name()));
            touched.addAll(put(item));
        }
        for (String name : List.copyOf(byName.keySet())) {
            Item<T> item = byName.get(name);
            if (item != null && !listed.contains(name) && !after(item.version(), version)) {
                take(name, touched);
            }
        }
        base = version;
        return touched;
    }

    /** A whole list has come that owes nothing to what was known: versions may have begun anew. */
    Set<String> replace(List<Item<T>> list, String version) {
        base = version;
        gone.clear();
        Set<String> touched = new LinkedHashSet<>();
        Map<String, Item<T>> items = new HashMap<>();
        list.forEach(item -> items.put(name(item.namespace(), item.name()), item));
        for (String name : List.copyOf(byName.keySet())) {
            if (!items.containsKey(name)) {
                take(name, touched);
            }
        }
        items.forEach((name, item) -> {
            Item<T> before = byName.get(name);
            if (before == null || !before.version().equals(item.version())) {
                set(name, item, touched);
            }
        });
        return touched;
    }

    private static boolean after(String one, String version) {
        return Versions.comparable(one, version) && Versions.newer(one, version);
    }

    private void set(String name, Item<T> item, Set<String> touched) {
        take(name, touched);
        byName.put(name, item);
        for (String key : keys.apply(item)) {
            byKey.computeIfAbsent(key, k -> new TreeMap<>()).put(name, item);
            touched.add(key);
        }
    }

    private void take(String name, Set<String> touched) {
        Item<T> before = byName.remove(name);
        if (before == null) {
            return;
        }
        for (String key : new ArrayList<>(keys.apply(before))) {
            Map<String, Item<T>> items = byKey.get(key);
            if (items != null) {
                items.remove(name);
                if (items.isEmpty()) {
                    byKey.remove(key);
                }
            }
            touched.add(key);
        }
    }

    private static String name(String namespace, String name) {
        return namespace + "/" + name;
    }
}
