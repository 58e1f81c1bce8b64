package io.clusterset.discovery.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The parameters of a request; of one that is there twice, the first. */
final class ApiQuery {

    private final Map<String, String> parameters = new HashMap<>();

    ApiQuery(String query) {
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            parameters.putIfAbsent(decoded(name), equals < 0 ? "" : decoded(part.substring(equals + 1)));
        }
    }

    String get(String name) {
        return parameters.getOrDefault(name, "");
    }

    boolean isSet(String name) {
        String value = get(name);
        return value.equals("1") || value.equalsIgnoreCase("true");
    }

    /**
     * A number; 0 if it is not there.
     *
     * @throws ApiRefused if it is none
     */
    long number(String name) throws ApiRefused {
        String value = get(name);
        if (value.isEmpty()) {
            return 0;
        }
        if (!value.matches("[0-9]{1,18}")) {
            throw new ApiRefused(ApiStatus.badRequest(name + ": Invalid value: \"" + value
                    + "\": strconv.ParseInt: parsing \"" + value + "\": invalid syntax"));
        }
        return Long.parseLong(value);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a broken escape means itself
        }
    }
}
