package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.Wish;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.NoSuchServiceException;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.observe.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator's endpoint {@code discovery}: what is in use, why calls of one service go where they go, and drills if they are
 * allowed. Over HTTP, {@link DiscoveryWebExtension} gives the same answers their status.
 *
 * <p>An explanation of a service that is not in use begins to use it, as a call would, and waits for its first answer, 2.5 s at most.
 * The list keeps none in use.
 */
@Endpoint(id = "discovery")
final class DiscoveryEndpoint {

    private final Discovery discovery;
    private final BegunDrills drills;
    private final boolean drillAllowed;

    DiscoveryEndpoint(Discovery discovery, BegunDrills drills, boolean drillAllowed) {
        this.discovery = discovery;
        this.drills = drills;
        this.drillAllowed = drillAllowed;
    }

    @ReadOperation
    Map<String, Object> services() {
        Figures figures = discovery.figures();
        List<InUse> all = InUse.of(figures);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("enabled", figures.enabled());
        document.put("services", all.stream().map(DiscoveryEndpoint::named).toList());
        document.put("configured", onlyConfigured(all));
        document.put("drills", drills.documents());
        document.put(
                "settings",
                discovery.settings().stream()
                        .filter(setting -> !setting.isDefault())
                        .map(DiscoveryEndpoint::setting)
                        .toList());
        return document;
    }

    private static Map<String, Object> named(InUse service) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", service.name());
        document.putAll(service.document());
        return document;
    }

    /** Names that settings or the builder know and nobody called yet. */
    private List<String> onlyConfigured(List<InUse> all) {
        Set<String> names = new TreeSet<>(discovery.serviceNames());
        all.forEach(service -> names.removeIf(name -> isOf(name, service.name())));
        return List.copyOf(names);
    }

    /** Whether a service in use is one of this name, with whatever port. */
    private static boolean isOf(String name, String inUse) {
        return inUse.equals(name)
                || inUse.startsWith(name + ":")
                || (inUse.startsWith("_") && inUse.endsWith("." + name));
    }

    private static Map<String, Object> setting(Provenance setting) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("key", setting.key());
        document.put("value", setting.value());
        document.put("origin", setting.origin());
        return document;
    }

    @ReadOperation
    Map<String, Object> explain(@Selector String service, @Nullable String ago) {
        return explanation(service, ago).document();
    }

    /**
     * Why calls go where they go, or went some time ago.
     *
     * @param asked a service's name; without a port, the one that is in use under this name
     * @param ago how long ago, such as {@code 10m}; null: now
     */
    Answer explanation(String asked, @Nullable String ago) {
        List<String> meant = meant(asked);
        if (meant.size() > 1) {
            return Answer.error(
                    Answer.NOT_FOUND,
                    Text.safe(asked) + ": in use with several ports (expected: " + String.join(" or ", meant) + ")");
        }
        Service service;
        try {
            service = discovery.service(meant.isEmpty() ? asked : meant.get(0));
        } catch (IllegalArgumentException refused) {
            return Answer.error(Answer.NOT_FOUND, text(refused));
        } catch (DiscoveryException none) {
            return Answer.error(Answer.UNAVAILABLE, text(none));
        }
        try {
            return ago == null ? now(service) : then(service, ago);
        } catch (IllegalArgumentException refused) {
            return Answer.error(Answer.BAD_REQUEST, text(refused));
        } catch (DiscoveryException none) {
            return Answer.error(Answer.UNAVAILABLE, text(none));
        }
    }

    /** Who asks why has seen a name in a URL, whose port the scheme may have said. */
    private List<String> meant(String written) {
        String asked = written.toLowerCase(Locale.ROOT);
        List<String> inUse = discovery.figures().services().stream()
                .map(Figures.OfService::service)
                .toList();
        return inUse.contains(asked)
                ? List.of(asked)
                : inUse.stream()
                        .filter(name -> name.startsWith(asked + ":"))
                        .sorted()
                        .toList();
    }

    private static Answer now(Service service) {
        Explanation explanation = service.explain();
        if (!explanation.decision().mostLoaded().isEmpty()) {
            return new Answer(Answer.OK, document(explanation));
        }
        Map<String, Object> document = document(explanation);
        try {
            service.pick(Wish.none()); // it alone words why there is none
            return new Answer(Answer.OK, document);
        } catch (DiscoveryException none) {
            document.put("error", text(none));
            return new Answer(none instanceof NoSuchServiceException ? Answer.NOT_FOUND : Answer.OK, document);
        }
    }

    private static Answer then(Service service, String ago) {
        Duration time = duration("ago", ago);
        if (time.isNegative()) {
            throw new IllegalArgumentException("ago: " + Text.quote(ago) + " (expected: >= 0)");
        }
        return new Answer(Answer.OK, document(service.explainPast(time)));
    }

    /** As {@code discovery explain --json} says it, and the same for a person. */
    private static Map<String, Object> document(Explanation explanation) {
        Map<String, Object> document = new LinkedHashMap<>(explanation.document());
        document.put("text", explanation.toString());
        return document;
    }

    @WriteOperation
    Map<String, Object> drill(@Nullable String tier, @Nullable String percent, @Nullable String time) {
        return begin(tier, percent, time).document();
    }

    /** Begins a drill. */
    Answer begin(@Nullable String tier, @Nullable String percent, @Nullable String time) {
        if (!drillAllowed) {
            return forbidden();
        }
        List<String> missing = new ArrayList<>();
        String theTier = said("tier", tier, missing);
        String thePercent = said("percent", percent, missing);
        String theTime = said("time", time, missing);
        if (!missing.isEmpty()) {
            return Answer.error(
                    Answer.BAD_REQUEST,
                    "drill: no " + String.join(", no ", missing)
                            + " (expected: such as {\"tier\": \"local\", \"percent\": 0, \"time\": \"10m\"})");
        }
        try {
            return begin(theTier, percent(thePercent), duration("time", theTime));
        } catch (IllegalArgumentException malformed) {
            return Answer.error(Answer.BAD_REQUEST, text(malformed));
        }
    }

    private Answer begin(String tier, int percent, Duration time) {
        try {
            return new Answer(Answer.OK, drills.begin(tier, percent, time));
        } catch (IllegalArgumentException outOfRange) {
            return Answer.error(Answer.BAD_REQUEST, Settings.inNotation(text(outOfRange)));
        } catch (DiscoveryException closed) {
            return Answer.error(Answer.UNAVAILABLE, text(closed));
        }
    }

    @DeleteOperation
    Map<String, Object> endDrill(@Nullable String tier) {
        return end(tier).document();
    }

    /** Ends the drill of a tier, or all that were begun here. */
    Answer end(@Nullable String tier) {
        return drillAllowed
                ? new Answer(Answer.OK, Map.of("ended", drills.end(tier == null ? "" : tier)))
                : forbidden();
    }

    private static Answer forbidden() {
        return Answer.error(
                Answer.FORBIDDEN,
                "drill: not allowed (expected: " + DiscoveryEndpointProperties.DRILL
                        + "=true, which lets whoever may write here move this process's traffic)");
    }

    private static String said(String key, @Nullable String value, List<String> missing) {
        if (value == null || value.isBlank()) {
            missing.add(key);
            return "";
        }
        return value.strip();
    }

    private static int percent(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("percent: " + Text.quote(text) + " (expected: 0 to 100)", malformed);
        }
    }

    private static Duration duration(String key, String text) {
        try {
            return Settings.parseDuration(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(key + ": " + text(malformed), malformed);
        }
    }

    private static String text(RuntimeException thrown) {
        return String.valueOf(thrown.getMessage());
    }
}
