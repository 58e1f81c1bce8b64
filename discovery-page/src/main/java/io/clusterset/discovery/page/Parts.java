package io.clusterset.discovery.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A document in parts, each of which has a name and is JSON, so that a page that has one needs to be told only of the parts that
 * changed. Immutable.
 *
 * @param all the parts
 */
record Parts(Map<String, String> all) {

    /** What is known before anything is. */
    static final Parts NOTHING = new Parts(Map.of());

    Parts(Map<String, String> all) {
        this.all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /**
     * The document {@code {"now":…,"set":…}} of the moment.
     *
     * @param now in milliseconds of the clock that all times in it are of
     * @param words what it says, by {@link #whole} or {@link #since}
     */
    static String document(long now, String words) {
        return "{\"now\":" + now + "," + words.substring(1);
    }

    /** {@code {"whole":true,"set":{NAME:PART,…}}}. */
    String whole() {
        return new Fields().truth("whole", true).json("set", object(all)).end();
    }

    /** {@code {"set":{NAME:PART,…},"gone":[NAME,…]}}: what is new or other, and what is there no more. */
    String since(Parts before) {
        Map<String, String> changed = new LinkedHashMap<>();
        all.forEach((name, part) -> {
            if (!part.equals(before.all.get(name))) {
                changed.put(name, part);
            }
        });
        List<String> gone = new ArrayList<>();
        for (String name : before.all.keySet()) {
            if (!all.containsKey(name)) {
                gone.add(name);
            }
        }
        return new Fields().json("set", object(changed)).texts("gone", gone).end();
    }

    private static String object(Map<String, String> parts) {
        Fields object = new Fields();
        parts.forEach(object::json);
        return object.end();
    }
}
