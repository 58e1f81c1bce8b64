package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the API server refuses, in words: once for each kind and namespace, with what mends it. Used on the serial executor. */
final class Refusals {

    private static final Pattern ACCOUNT =
            Pattern.compile("User \"system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})\"");
    private static final Pattern USER = Pattern.compile("User \"([^\"]{1,253})\"");
    private static final Pattern VERB = Pattern.compile("cannot (list|watch|get) resource");
    private static final String RULES =
            "[{\"apiGroups\":[\"\"],\"resources\":[\"services\"],\"verbs\":[\"get\",\"list\",\"watch\"]},"
                    + "{\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"],\"verbs\":[\"get\",\"list\",\"watch\"]},"
                    + "{\"apiGroups\":[\"multicluster.x-k8s.io\",\"net.gke.io\"],\"resources\":[\"serviceimports\"],"
                    + "\"verbs\":[\"get\",\"list\",\"watch\"]}]";
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String NAME = "clusterset-discovery";

    private final EventSink events;
    private final Map<Turnstile.Place, Boolean> told = new HashMap<>();
    private final Set<String> tooLong = new HashSet<>();

    Refusals(EventSink events) {
        this.events = events;
    }

    /** Why something is not known, in words. */
    static String words(Turnstile.Place place, Answer why) {
        if (!(why instanceof Answer.Refused refused)) {
            return silence(why);
        }
        String where = place.namespace().isEmpty() ? "in the cluster" : "in namespace " + place.namespace();
        String said = refused.message().isEmpty() ? "" : " (" + refused.message() + ")";
        return switch (refused.status()) {
            case 403 -> "403 Forbidden: cannot " + verb(refused) + " " + place.plural() + " " + where + said;
            case 404 -> "404 Not Found: there are no " + place.plural() + " in this cluster" + said;
            default -> refused.status() + " when asked for " + place.plural() + " " + where + said;
        };
    }

    /** The words of an answer that is none. */
    static String silence(Answer why) {
        if (why instanceof Answer.Silent silent) {
            return "no answer from the API server: " + silent.why();
        }
        if (why instanceof Answer.TooLong tooLong) {
            return "an answer of more than " + tooLong.most() + " octets (expected: no more)";
        }
        return why instanceof Answer.Refused refused
                ? refused.status() + " " + refused.message()
                : "an answer without content";
    }

    /** It is refused: said once, until it is {@link #granted}. */
    void refused(Turnstile.Place place, Answer.Refused why) {
        boolean same =
                told.keySet().stream().anyMatch(other -> other.namespace().equals(place.namespace()));
        if (why.status() == 403 && told.putIfAbsent(place, true) == null) {
            events.accept(new Event.Trouble(
                    "",
                    "kubernetes: " + words(place, new Answer.Refused(403, "", why.retryAfter()))
                            + "; DNS is asked instead. "
                            + (same
                                    ? "The same Role mends it"
                                    : "This mends it (kubectl apply -f -): " + role(place, why.message()))));
        }
    }

    /** What is watched is more than is read: said once, until it {@link #fits}. */
    void tooLong(String shown, Answer.TooLong why) {
        if (tooLong.add(shown)) {
            events.accept(new Event.Limit(
                    "",
                    "kubernetes: " + shown + ": " + silence(why)
                            + "; DNS is asked instead, and the API again every 5 to 6 minutes"));
        }
    }

    /** It is not too long any more. */
    void fits(String shown) {
        tooLong.remove(shown);
    }

    /** It is not refused any more. */
    void granted(Turnstile.Place place) {
        if (told.remove(place) != null) {
            String where = place.namespace().isEmpty() ? "the cluster" : "namespace " + place.namespace();
            events.accept(
                    new Event.Trouble("", "kubernetes: " + place.plural() + " in " + where + " can be watched now"));
        }
    }

    private static String verb(Answer.Refused refused) {
        Matcher verb = VERB.matcher(refused.message());
        return verb.find() ? verb.group(1) : "list";
    }

    /** YAML on one line, which is how log lines are: a role and its binding to who was refused. */
    static String role(Turnstile.Place place, String message) {
        boolean all = place.namespace().isEmpty();
        String kind = all ? "ClusterRole" : "Role";
        String metadata = "\"metadata\":{\"name\":\"" + NAME + "\""
                + (all ? "" : ",\"namespace\":\"" + place.namespace() + "\"") + "}";
        String head = "{\"apiVersion\":\"" + GROUP + "/v1\",\"kind\":\"";
        return "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[" + head + kind + "\"," + metadata + ",\"rules\":"
                + RULES
                + "}," + head + kind + "Binding\"," + metadata + ",\"roleRef\":{\"apiGroup\":\"" + GROUP
                + "\",\"kind\":\"" + kind + "\",\"name\":\"" + NAME + "\"},\"subjects\":[" + subject(message) + "]}]}";
    }

    private static String subject(String message) {
        Matcher account = ACCOUNT.matcher(message);
        if (account.find()) {
            return "{\"kind\":\"ServiceAccount\",\"name\":\"" + account.group(2) + "\",\"namespace\":\""
                    + account.group(1) + "\"}";
        }
        Matcher user = USER.matcher(message);
        String name = user.find() ? user.group(1).replace("\\", "") : "WHO-ASKS";
        return "{\"kind\":\"User\",\"apiGroup\":\"" + GROUP + "\",\"name\":\"" + name + "\"}";
    }
}
