package io.clusterset.discovery.observe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a query in PromQL names. Good for the queries we write: promtool says whether they are queries at all. */
final class MetricsQueries {

    private static final Pattern TOKEN =
            Pattern.compile("\"[^\"]*\"|\\[[^\\]]*\\]|[0-9][0-9.a-z]*|\\$?[A-Za-z_][A-Za-z0-9_:]*|=~|!~|!=|==|[^\\s]");
    private static final Set<String> BEFORE_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** Each metric, with the labels it is asked for and, where it is asked for one by name or in a list, their values. */
    final Map<String, Map<String, Set<String>>> metrics = new LinkedHashMap<>();

    /** Labels that are grouped or joined by. */
    final Set<String> groupedBy = new LinkedHashSet<>();

    private final List<String> tokens = new ArrayList<>();
    private int at;

    MetricsQueries(String query) {
        Matcher matcher = TOKEN.matcher(query);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        while (at < tokens.size()) {
            take();
        }
    }

    private void take() {
        String token = tokens.get(at++);
        if (!token.matches("[A-Za-z_].*")) {
            return;
        }
        String word = token.toLowerCase(Locale.ROOT);
        if (BEFORE_LABELS.contains(word)) {
            labels();
        } else if (!OPERATORS.contains(word) && !next().equals("(") && !BEFORE_LABELS.contains(next())) {
            metric(token);
        }
    }

    private String next() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private void labels() {
        at++; // the parenthesis
        while (!next().equals(")")) {
            if (!next().equals(",")) {
                groupedBy.add(next());
            }
            at++;
        }
    }

    private void metric(String name) {
        Map<String, Set<String>> labels = metrics.computeIfAbsent(name, same -> new LinkedHashMap<>());
        if (!next().equals("{")) {
            return;
        }
        at++;
        while (!next().equals("}")) {
            String label = tokens.get(at);
            String operator = tokens.get(at + 1);
            String value = tokens.get(at + 2).replace("\"", "");
            Set<String> values = labels.computeIfAbsent(label, same -> new HashSet<>());
            if (!value.startsWith("$")) {
                values.addAll(operator.endsWith("~") ? List.of(value.split("\\|", -1)) : List.of(value));
            }
            at += 3;
            if (next().equals(",")) {
                at++;
            }
        }
    }
}
