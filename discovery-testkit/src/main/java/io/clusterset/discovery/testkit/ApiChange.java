package io.clusterset.discovery.testkit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an object at one version.
 *
 * @param before nothing if it came into being
 * @param after nothing if it went
 */
record ApiChange(
        long version,
        ApiResource resource,
        @Nullable ApiObject before,
        @Nullable ApiObject after) {

    /** The event for who watches with this selector; an object that no longer matches is deleted to them. */
    Optional<String> event(ApiSelector selector, String apiVersion) {
        ApiObject now = after;
        ApiObject then = before;
        boolean was = selector.matches(then);
        if (now != null && selector.matches(now)) {
            return Optional.of(event(was ? "MODIFIED" : "ADDED", now, resource, apiVersion));
        }
        return was && then != null
                ? Optional.of(event("DELETED", then.at(version), resource, apiVersion))
                : Optional.empty();
    }

    static String event(String type, ApiObject object, ApiResource resource, String apiVersion) {
        return event(type, resource.served(object.content(), apiVersion));
    }

    static String event(String type, Json.Obj object) {
        return Json.Obj.EMPTY.with("type", type).with("object", object).toString();
    }
}
