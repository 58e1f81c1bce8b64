package io.clusterset.discovery.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Lists, in pages of one version. */
final class ApiPage {

    private static final String INCONSISTENT = "The provided continue parameter is too old to display a consistent list"
            + " result. You can start a new list without the continue parameter, or use the continue token in this"
            + " response to retrieve the remainder of the results. Continuing with the provided token results in an"
            + " inconsistent list - objects that were created, modified, or deleted between the time the first chunk"
            + " was returned and now may show up in the list.";

    private final ApiStore store;
    private final ApiResource resource;
    private final ApiPath path;
    private final ApiQuery query;
    private final ApiSelector selector;

    ApiPage(ApiStore store, ApiResource resource, ApiPath path, ApiQuery query) throws ApiRefused {
        this.store = store;
        this.resource = resource;
        this.path = path;
        this.query = query;
        this.selector = new ApiSelector(path.namespace(), query);
    }

    /**
     * Where a list goes on.
     *
     * @param version of the list; -1 for whatever there is now
     * @param last what was in it already
     */
    private record Continue(long version, ApiObject.Key last) {

        static Continue parse(String token) throws ApiRefused {
            try {
                byte[] text = Base64.getUrlDecoder().decode(token);
                Json.Obj content = Json.Obj.parse(new String(text, StandardCharsets.UTF_8));
                String[] start = content.string("start").split("[/\0]", -1);
                long version =
                        Long.parseLong(content.get("rv").map(Json::toString).orElse(""));
                return new Continue(version, new ApiObject.Key(start[0], start[1]));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new ApiRefused(ApiStatus.badRequest("continue key is not valid: " + token));
            }
        }

        String token() {
            Json.Obj content = Json.Obj.EMPTY
                    .with("v", "meta.k8s.io/v1")
                    .with("rv", Json.Num.of(version))
                    .with("start", last.namespace() + '/' + last.name() + '\0');
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(content.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * The page that is asked for.
     *
     * @throws ApiRefused if the request makes no sense, or its version is gone or still to come
     */
    Json.Obj document() throws ApiRefused {
        long limit = query.number("limit");
        long wanted = query.number("resourceVersion");
        String token = query.get("continue");
        ApiStore.State state = store.now(resource);
        SortedMap<ApiObject.Key, ApiObject> rest = state.objects();
        if (!token.isEmpty()) {
            if (wanted != 0) {
                throw new ApiRefused(
                        ApiStatus.badRequest("specifying resource version is not allowed when using continue"));
            }
            Continue next = Continue.parse(token);
            state = next.version() < 0 ? state : then(next);
            rest = state.objects()
                    .tailMap(new ApiObject.Key(
                            next.last().namespace(), next.last().name() + '\0'));
        } else if (wanted > state.version()) {
            throw new ApiRefused(ApiStatus.tooNew(wanted, state.version()));
        } else if (query.get("resourceVersion").equals("0")) {
            limit = 0; // answered from the watch cache, which knows no pages
        }
        return page(state.version(), rest, limit == 0 ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE));
    }

    private ApiStore.State then(Continue next) throws ApiRefused {
        return store.then(resource, next.version())
                .orElseThrow(() ->
                        new ApiRefused(ApiStatus.expired(INCONSISTENT).resume(new Continue(-1, next.last()).token())));
    }

    private Json.Obj page(long version, SortedMap<ApiObject.Key, ApiObject> rest, int limit) {
        List<Map.Entry<ApiObject.Key, ApiObject>> matching = new ArrayList<>(rest.entrySet());
        matching.removeIf(entry -> !selector.matches(entry.getValue()));
        int size = Math.min(limit, matching.size());
        List<Json> items = new ArrayList<>();
        for (Map.Entry<ApiObject.Key, ApiObject> entry : matching.subList(0, size)) {
            Json.Obj item = resource.served(entry.getValue().content(), path.version());
            items.add(resource.custom() ? item : item.without("kind", "apiVersion"));
        }
        String next = size == matching.size()
                ? ""
                : new Continue(version, matching.get(size - 1).getKey()).token();
        return list(version, next, matching.size() - size, new Json.Arr(items));
    }

    /** The members of a list come in the order of Go's fields, those of custom resources by name: items come first. */
    private Json.Obj list(long version, String next, int remaining, Json.Arr items) {
        Json.Obj list = Json.Obj.EMPTY;
        Json.Obj metadata = Json.Obj.EMPTY;
        String apiVersion = resource.apiVersion(path.version());
        if (resource.custom()) {
            metadata = remaining(metadata.with("continue", next), next.isEmpty() ? 0 : remaining);
            metadata = metadata.with("resourceVersion", Long.toString(version));
            return list.with("apiVersion", apiVersion)
                    .with("items", items)
                    .with("kind", resource.kind() + "List")
                    .with("metadata", metadata);
        }
        metadata = metadata.with("resourceVersion", Long.toString(version));
        if (!next.isEmpty()) {
            metadata = remaining(metadata.with("continue", next), remaining);
        }
        return list.with("kind", resource.kind() + "List")
                .with("apiVersion", apiVersion)
                .with("metadata", metadata)
                .with("items", items);
    }

    /** How many are left is not counted where labels or fields select. */
    private Json.Obj remaining(Json.Obj metadata, int remaining) {
        return remaining == 0 || selector.selects()
                ? metadata
                : metadata.with("remainingItemCount", Json.Num.of(remaining));
    }
}
