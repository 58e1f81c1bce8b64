package io.clusterset.discovery.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a custom resource may look like: as much of OpenAPI's schemas as theirs use. A field that is not named is refused, as kubectl
 * does.
 */
record Schema(Map<?, ?> content) {

    /** The first thing that is wrong, and where. */
    Optional<String> trouble(String where, Object value) {
        String type = String.valueOf(content.get("type"));
        Optional<String> wrong = switch (type) {
            case "object" -> value instanceof Map<?, ?> map ? ofObject(where, map) : not(where, value, type);
            case "array" -> value instanceof List<?> list ? ofList(where, list) : not(where, value, type);
            case "integer" -> value instanceof Integer ? Optional.empty() : not(where, value, type);
            case "string" -> value instanceof String ? Optional.empty() : not(where, value, type);
            default -> throw new IllegalArgumentException(where + ": type " + type + " in the schema");
        };
        if (wrong.isEmpty() && content.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
            return not(where, value, allowed.toString());
        }
        return wrong;
    }

    private static Optional<String> not(String where, Object value, String expected) {
        return Optional.of(where + ": " + value + " (expected: " + expected + ")");
    }

    private Optional<String> ofObject(String where, Map<?, ?> map) {
        Stream<String> missing =
                list("required").stream().filter(name -> !map.containsKey(name)).map(name -> where + ": no " + name);
        Stream<String> wrong = map.entrySet().stream().map(entry -> {
            String inside = where + "." + entry.getKey();
            return field(entry.getKey())
                    .map(schema -> schema.trouble(inside, Objects.requireNonNullElse(entry.getValue(), "nothing"))
                            .orElse(""))
                    .orElse(inside + ": no such field");
        });
        return Stream.concat(missing, wrong).filter(text -> !text.isEmpty()).findFirst();
    }

    private Optional<Schema> field(Object name) {
        Object named = content.get("properties") instanceof Map<?, ?> fields ? fields.get(name) : null;
        Object schema = named == null ? content.get("additionalProperties") : named;
        return schema instanceof Map<?, ?> map ? Optional.of(new Schema(map)) : Optional.empty();
    }

    private Optional<String> ofList(String where, List<?> list) {
        if (content.get("maxItems") instanceof Integer most && list.size() > most) {
            return not(where, list.size(), "at most " + most);
        }
        Schema items = new Schema((Map<?, ?>) Objects.requireNonNull(content.get("items"), where));
        return IntStream.range(0, list.size())
                .mapToObj(i -> items.trouble(where + "[" + i + "]", list.get(i)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private List<?> list(String key) {
        return content.get(key) instanceof List<?> list ? list : List.of();
    }
}
