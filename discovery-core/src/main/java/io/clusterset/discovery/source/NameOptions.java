package io.clusterset.discovery.source;

import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import java.util.List;
import java.util.Locale;

/** Which names adapters take for services. Immutable. */
public final class NameOptions {

    private static final NameOptions DEFAULTS = new Builder().build();
    private static final String ANY = "*.";

    private final List<String> only;

    private NameOptions(Builder builder) {
        only = builder.only;
    }

    /** All that could be ours. */
    public static NameOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        return new Builder().only(only);
    }

    /** The only names that are ours, in lower case; empty for all that could be. */
    public List<String> only() {
        return only;
    }

    /** Whether it says which names are ours. */
    public boolean isComplete() {
        return !only.isEmpty();
    }

    /**
     * Whether a name that could be ours is.
     *
     * @param written the name as somebody wrote it
     */
    public boolean admits(ServiceName name, String written) {
        String bare = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
        return only.isEmpty()
                || only.contains(bare.toLowerCase(Locale.ROOT))
                || only.contains(name.base())
                || only.contains(name.service() + "." + name.namespace())
                || only.contains(ANY + name.namespace());
    }

    /**
     * Reads one of {@link #only}.
     *
     * @throws IllegalArgumentException unless it is {@code SERVICE.NAMESPACE}, {@code *.NAMESPACE} or a whole name
     */
    public static String pattern(String text) {
        String name = text.startsWith(ANY) ? text.substring(ANY.length()) : ServiceName.domain(text);
        if (text.startsWith(ANY) ? name.indexOf('.') >= 0 : name.indexOf('.') < 0) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " (expected: SERVICE.NAMESPACE, *.NAMESPACE or a whole name)");
        }
        return text.startsWith(ANY) ? ANY + ServiceName.label(name) : name;
    }

    /** Builds {@link NameOptions}. Not thread-safe. */
    public static final class Builder {
        private List<String> only = List.of();

        private Builder() {}

        /**
         * The only names that an adapter (OkHttp, Spring) takes for services, so that no other name is ever looked up: each {@code
         * SERVICE.NAMESPACE}, {@code *.NAMESPACE}, or a whole name such as {@code payments-dr.example.com}. Default: none said; then
         * names of one or two labels are asked for, and handed to the system's resolver if no tier knows them. {@code
         * Discovery.service} takes every name.
         */
        public Builder only(List<String> names) {
            only = names;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a name is malformed; the text names it and what was expected
         */
        public NameOptions build() {
            only = only.stream().map(NameOptions::pattern).toList();
            return new NameOptions(this);
        }
    }
}
