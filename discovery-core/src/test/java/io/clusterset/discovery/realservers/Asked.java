package io.clusterset.discovery.realservers;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A question a name server was asked.
 *
 * @param name absolute, lower case, without the final dot
 * @param type such as {@code AAAA}
 */
record Asked(String name, String type) {

    private static final Pattern OURS = Pattern.compile(
            "((?!(shop|svc|cluster|clusterset|local)\\.)[a-z0-9_-]+\\.)+shop\\.svc\\.cluster(set)?\\.local");

    static Asked of(String name, String type) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return new Asked(bare.toLowerCase(Locale.ROOT), type);
    }

    /** Whether it is a whole name of namespace {@code shop} under one of the zones; one with a search path's end is not. */
    boolean isOurs() {
        return OURS.matcher(name).matches();
    }

    /** A test's own question whether the server is ready; the library asks no SOA. */
    boolean isOfTheTest() {
        return type.equals("SOA");
    }
}
