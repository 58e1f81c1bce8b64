package io.clusterset.discovery.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which objects of a collection are meant: by namespace, labels and fields. */
final class ApiSelector {

    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");
    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(=|==|!=)\\s*([^=!\\s]*)");
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([\\w./-]+)");

    private final List<Predicate<ApiObject>> all = new ArrayList<>();
    private final boolean selects;

    ApiSelector(String namespace, ApiQuery query) throws ApiRefused {
        if (!namespace.isEmpty()) {
            all.add(object -> object.key().namespace().equals(namespace));
        }
        for (String part : parts(query.get("labelSelector"))) {
            all.add(label(part));
        }
        for (String part : parts(query.get("fieldSelector"))) {
            all.add(field(part));
        }
        selects = !query.get("labelSelector").isEmpty()
                || !query.get("fieldSelector").isEmpty();
    }

    boolean matches(@Nullable ApiObject object) {
        return object != null && all.stream().allMatch(part -> part.test(object));
    }

    /** Whether it selects by labels or fields. */
    boolean selects() {
        return selects;
    }

    private static List<String> parts(String selector) {
        return selector.isBlank()
                ? List.of()
                : COMMA.splitAsStream(selector).map(String::trim).toList();
    }

    private static Predicate<ApiObject> label(String part) throws ApiRefused {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            Set<String> values =
                    Arrays.stream(set.group(3).split(",", -1)).map(String::trim).collect(Collectors.toSet());
            return label(set.group(1), values, set.group(2).equals("in"));
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            boolean wanted = !equality.group(2).equals("!=");
            return label(equality.group(1), Set.of(equality.group(3)), wanted);
        }
        Matcher exists = EXISTS.matcher(part);
        if (exists.matches()) {
            boolean wanted = exists.group(1).isEmpty();
            return object -> object.labels().containsKey(exists.group(2)) == wanted;
        }
        throw new ApiRefused(ApiStatus.badRequest("unable to parse requirement: found '" + part
                + "', expected: one of k, !k, k=v, k==v, k!=v, k in (v), k notin (v)"));
    }

    /** An object without the label has none of the values. */
    private static Predicate<ApiObject> label(String name, Set<String> values, boolean wanted) {
        return object -> {
            Map<String, String> labels = object.labels();
            String value = labels.get(name);
            return (value != null && values.contains(value)) == wanted;
        };
    }

    private static Predicate<ApiObject> field(String part) throws ApiRefused {
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            String value = equality.group(3);
            boolean wanted = !equality.group(2).equals("!=");
            return switch (equality.group(1)) {
                case "metadata.name" -> object -> object.key().name().equals(value) == wanted;
                case "metadata.namespace" -> object -> object.key().namespace().equals(value) == wanted;
                default ->
                    throw new ApiRefused(ApiStatus.badRequest("field label not supported: " + equality.group(1)));
            };
        }
        throw new ApiRefused(ApiStatus.badRequest("invalid selector: '" + part + "'; can't understand '" + part + "'"));
    }
}
