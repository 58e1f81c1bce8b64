package io.clusterset.discovery.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What an API server says instead of what was asked for, in its own words.
 *
 * @param details empty if there are none
 * @param resume a continue token that goes on all the same; empty without one
 */
record ApiStatus(int code, String reason, String message, Json.Obj details, String resume) {

    static final String USER = "system:serviceaccount:shop:orders";

    private ApiStatus(int code, String reason, String message, Json.Obj details) {
        this(code, reason, message, details, "");
    }

    /** What it says with this code about a request. */
    static ApiStatus of(int code, ApiRequest request) {
        return switch (code) {
            case 400 -> badRequest("the server rejected our request for an unknown reason");
            case 401 -> new ApiStatus(code, "Unauthorized", "Unauthorized", Json.Obj.EMPTY);
            case 403 -> forbidden(request);
            case 404 ->
                new ApiStatus(code, "NotFound", "the server could not find the requested resource", about(request));
            case 405 ->
                new ApiStatus(
                        code,
                        "MethodNotAllowed",
                        "the server does not allow this method on the requested resource",
                        about(request));
            case 410 ->
                expired("The resourceVersion for the provided " + (request.verb() == ApiVerb.WATCH ? "watch" : "list")
                        + " is too old.");
            case 429 ->
                new ApiStatus(code, "TooManyRequests", "Too many requests, please try again later.", Json.Obj.EMPTY);
            case 500 -> internal("etcdserver: request timed out");
            case 503 ->
                new ApiStatus(
                        code,
                        "ServiceUnavailable",
                        "the server is currently unable to handle the request",
                        Json.Obj.EMPTY);
            case 504 ->
                new ApiStatus(
                        code,
                        "Timeout",
                        "Timeout: request did not complete within the allotted duration",
                        Json.Obj.EMPTY);
            default ->
                new ApiStatus(
                        code,
                        "",
                        "the server responded with the status code " + code + " but did not return more information",
                        Json.Obj.EMPTY);
        };
    }

    static ApiStatus badRequest(String message) {
        return new ApiStatus(400, "BadRequest", message, Json.Obj.EMPTY);
    }

    static ApiStatus expired(String message) {
        return new ApiStatus(410, "Expired", message, Json.Obj.EMPTY);
    }

    static ApiStatus notFound(ApiPath path) {
        Json.Obj details = Json.Obj.EMPTY.with("name", path.name());
        return new ApiStatus(
                404,
                "NotFound",
                resource(path.plural(), path.group()) + " \"" + path.name() + "\" not found",
                kind(details, path.plural(), path.group()));
    }

    /** The version that is asked for is still to come. */
    static ApiStatus tooNew(long version, long current) {
        String message = "Too large resource version: " + version + ", current: " + current;
        Json.Obj cause =
                Json.Obj.EMPTY.with("reason", "ResourceVersionTooLarge").with("message", "Too large resource version");
        Json.Obj details =
                Json.Obj.EMPTY.with("causes", new Json.Arr(List.of(cause))).with("retryAfterSeconds", Json.Num.of(1));
        return new ApiStatus(504, "Timeout", "Timeout: " + message, details);
    }

    ApiStatus retryAfter(Duration time) {
        return new ApiStatus(
                code, reason, message, details.with("retryAfterSeconds", Json.Num.of(time.toSeconds())), resume);
    }

    ApiStatus resume(String token) {
        return new ApiStatus(code, reason, message, details, token);
    }

    Json.Obj document() {
        Json.Obj document = Json.Obj.EMPTY
                .with("kind", "Status")
                .with("apiVersion", "v1")
                .with("metadata", resume.isEmpty() ? Json.Obj.EMPTY : Json.Obj.EMPTY.with("continue", resume))
                .with("status", "Failure")
                .with("message", message);
        if (!reason.isEmpty()) {
            document = document.with("reason", reason);
        }
        if (!details.members().isEmpty()) {
            document = document.with("details", details);
        }
        return document.with("code", Json.Num.of(code));
    }

    private static ApiStatus internal(String cause) {
        Json.Obj details = Json.Obj.EMPTY.with("causes", new Json.Arr(List.of(Json.Obj.EMPTY.with("message", cause))));
        return new ApiStatus(500, "InternalError", "Internal error occurred: " + cause, details);
    }

    private static ApiStatus forbidden(ApiRequest request) {
        String verb = request.verb().name().toLowerCase(Locale.ROOT);
        ApiPath path = ApiPath.parse(request.path()).orElse(null);
        if (path == null) {
            String message = "forbidden: User \"" + USER + "\" cannot " + verb + " path \"" + request.path() + '"';
            return new ApiStatus(403, "Forbidden", message, Json.Obj.EMPTY);
        }
        String where =
                path.namespace().isEmpty() ? " at the cluster scope" : " in the namespace \"" + path.namespace() + '"';
        String named = path.name().isEmpty() ? "" : " \"" + path.name() + '"';
        String message = resource(path.plural(), path.group()) + named + " is forbidden: User \"" + USER
                + "\" cannot " + verb + " resource \"" + path.plural() + "\" in API group \"" + path.group() + '"'
                + where;
        return new ApiStatus(403, "Forbidden", message, about(request));
    }

    private static Json.Obj about(ApiRequest request) {
        return ApiPath.parse(request.path())
                .map(path -> kind(
                        path.name().isEmpty() ? Json.Obj.EMPTY : Json.Obj.EMPTY.with("name", path.name()),
                        path.plural(),
                        path.group()))
                .orElse(Json.Obj.EMPTY);
    }

    private static Json.Obj kind(Json.Obj details, String plural, String group) {
        return (group.isEmpty() ? details : details.with("group", group)).with("kind", plural);
    }

    private static String resource(String plural, String group) {
        return group.isEmpty() ? plural : plural + '.' + group;
    }
}
