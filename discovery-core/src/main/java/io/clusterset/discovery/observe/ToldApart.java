package io.clusterset.discovery.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which names are shown as they are, so that there are never too many: first come, first served, until the name is gone. All
 * others are {@value #OTHER}, for as long as they last, even if room is made: what was counted under one name does not
 * move to another. Guarded by its owner.
 */
final class ToldApart {

    /** No service has this name: a service's has a namespace. */
    static final String OTHER = "other";

    private final int most;
    private final Map<String, String> shown = new HashMap<>();
    private int apart;

    ToldApart(int most) {
        this.most = most;
    }

    /** Forgets all others. Those that are new come in the order of their names, so that the replicas of a process agree. */
    void are(Set<String> names) {
        shown.keySet().retainAll(names);
        apart = (int) shown.entrySet().stream().filter(ToldApart::isApart).count();
        names.stream().filter(name -> !shown.containsKey(name)).sorted().forEach(this::come);
    }

    private void come(String name) {
        boolean room = apart < most;
        shown.put(name, room ? name : OTHER);
        apart += room ? 1 : 0;
    }

    private static boolean isApart(Map.Entry<String, String> entry) {
        return entry.getKey().equals(entry.getValue());
    }

    /** What a name is shown as. */
    String of(String name) {
        return shown.getOrDefault(name, OTHER);
    }

    int apart() {
        return apart;
    }

    int others() {
        return shown.size() - apart;
    }
}
