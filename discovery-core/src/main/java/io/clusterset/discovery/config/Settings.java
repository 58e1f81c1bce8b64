package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Tier;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values of {@link Setting}s and where each came from; later layers win over earlier ones. Immutable.
 *
 * <p>Durations are written {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h} or as ISO 8601 ({@code PT5S}).
 */
public final class Settings {

    static final String PREFIX = "discovery.";

    /** Not {@code DISCOVERY_}: Kubernetes injects {@code DISCOVERY_SERVICE_HOST} for a Service called discovery. */
    static final String VARIABLE_PREFIX = "CLUSTERSET_";

    private static final String SERVICES_VARIABLE = VARIABLE_PREFIX + "SERVICES";
    private static final Pattern SERVICE_VARIABLE =
            Pattern.compile("CLUSTERSET_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT(_.*)?)|PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)");

    /** What Kubernetes puts into a Service's {@code …_PORT}. */
    private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://");

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private static final int MOST_SAID = 500;

    /** How much of a text is escaped at a time. */
    private static final int PIECE = 200;

    /** More has too many digits, or too many milliseconds to count. */
    private static final Duration LONGEST_SHORT = Duration.ofSeconds(999_999_999);

    private static final Pattern ISO_DURATION = Pattern.compile("\\bP(T[0-9.HMS]+|[0-9]+D[T0-9.HMS]*)\\b");

    private final Map<Setting, Value> values;
    private final Map<ServiceSetting.Key, Value> services;
    private final List<String> warnings;

    private Settings(Map<Setting, Value> values, Map<ServiceSetting.Key, Value> services, List<String> warnings) {
        this.values = values;
        this.services = services;
        this.warnings = warnings;
    }

    /** Nothing set. */
    public static Settings none() {
        return new Settings(new EnumMap<>(Setting.class), Map.of(), List.of());
    }

    /**
     * What this process was given; each of these over the one before: the file {@code discovery.properties} on the class path, the
     * file that {@code CLUSTERSET_CONFIG} or {@code discovery.config} names, {@code CLUSTERSET_*} variables, {@code discovery.*}
     * system properties.
     *
     * @throws IllegalArgumentException if a file cannot be read or holds an unknown key; the text names the file and the key
     */
    public static Settings ofProcess() {
        return process().get();
    }

    /**
     * Reads {@link #ofProcess} whenever it is asked; the same object while nothing has changed. What can't change is read here: the
     * class path and the environment. Thread-safe.
     *
     * @throws IllegalArgumentException here or when it is asked, as {@link #ofProcess}
     */
    public static Supplier<Settings> process() {
        return new ProcessSettings(Optional.empty());
    }

    /** As {@link #process()}, with this file in place of the one that the process names; {@code explain} says {@code builder} of it. */
    public static Supplier<Settings> process(Path file) {
        return new ProcessSettings(Optional.of(file));
    }

    /**
     * As {@link #process()}, of files alone: {@code discovery.properties} on the class path and, over it, this one. For a framework that
     * reads variables and system properties itself.
     */
    public static Supplier<Settings> files(Optional<Path> file) {
        ProcessSettings files = new ProcessSettings(file, ProcessSettings.classes(), Map.of());
        return () -> files.with(Map.of());
    }

    /** With the {@code discovery.*} of these system properties on top; unknown ones are only warned of: they may be somebody else's. */
    public Settings withSystemProperties(Map<String, String> properties) {
        List<String> warned = new ArrayList<>(warnings);
        Map<String, String> known = new TreeMap<>();
        new TreeMap<>(properties).forEach((key, value) -> {
            if (isKnown(key)) {
                known.put(key, value);
            } else if (key.startsWith(PREFIX)) {
                warned.add(
                        "system property " + Text.safe(key) + " is no setting (nearest: " + Setting.nearest(key) + ")");
            }
        });
        return withProperties(known, "system property").warning(warned);
    }

    /**
     * With the properties of a file on top.
     *
     * @throws IllegalArgumentException if it cannot be read or a key is unknown; the text names the file and the key
     */
    public Settings withFile(Path file) {
        return withText(SettingsFile.read(file), Text.path(file));
    }

    /** With the text of a properties file on top, which must not name another file. */
    Settings withText(String text, String origin) {
        Map<String, String> properties = SettingsFile.parse(text, origin);
        if (properties.containsKey(Setting.CONFIG.property())) {
            throw new IllegalArgumentException(origin + ": " + Setting.CONFIG.property()
                    + " (expected: not in a file; the environment or a system property says which file is read)");
        }
        return withProperties(properties, origin);
    }

    /**
     * With these properties on top.
     *
     * @param origin where they come from, as shown to people
     * @throws IllegalArgumentException if a key is unknown; the text names it and the nearest known one
     */
    public Settings withProperties(Map<String, String> properties, String origin) {
        Map<Setting, Value> next = copy();
        Map<ServiceSetting.Key, Value> nextServices = new HashMap<>(services);
        properties.forEach((key, value) -> {
            if (!isKnown(key)) {
                throw new IllegalArgumentException(origin + ": unknown key " + Text.quote(key)
                        + " (expected: a known key; nearest: " + Setting.nearest(key) + ")");
            }
            if (!value.isBlank()) { // as a chart renders what nobody filled in
                Value read = new Value(value.strip(), origin);
                Setting.of(key).ifPresent(setting -> next.put(setting, read));
                ServiceSetting.ofProperty(key).ifPresent(setting -> nextServices.put(setting, read));
            }
        });
        return new Settings(next, nextServices, warnings);
    }

    private static boolean isKnown(String key) {
        return Setting.of(key).isPresent() || ServiceSetting.ofProperty(key).isPresent();
    }

    /** With these warnings besides what was read. */
    Settings warning(List<String> all) {
        return new Settings(values, services, List.copyOf(all));
    }

    /** With the {@code CLUSTERSET_*} variables of an environment on top; unknown ones are only warned of. */
    public Settings withEnvironment(Map<String, String> environment) {
        Map<Setting, Value> next = copy();
        List<String> warned = new ArrayList<>(warnings);
        Map<String, Setting> known = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            known.put(setting.variable(), setting);
        }
        new TreeMap<>(environment).forEach((variable, value) -> {
            Setting setting = known.get(variable);
            if (setting != null && (value.isBlank() || ADDRESS.matcher(value).lookingAt())) {
                return; // as above: not set; or CLUSTERSET_DEFAULT_PORT of a Service called clusterset-default
            }
            if (setting != null) {
                next.put(setting, new Value(value.strip(), "environment variable " + variable));
            } else if (isServiceVariable(variable, value)) {
                return;
            } else if (variable.startsWith(SERVICES_VARIABLE)) {
                warned.add("environment variable " + Text.safe(variable) + " is no setting (one service's are read from"
                        + " files and system properties: " + ServiceSetting.nearest("") + ")");
            } else if (variable.startsWith(VARIABLE_PREFIX)) {
                warned.add("environment variable " + Text.safe(variable) + " is no setting (nearest: "
                        + Setting.nearestVariable(variable) + ")");
            }
        });
        return new Settings(next, services, List.copyOf(warned));
    }

    /** What a Service called {@code clusterset}, or {@code clusterset-} and more, makes Kubernetes inject. */
    private static boolean isServiceVariable(String variable, String value) {
        return SERVICE_VARIABLE.matcher(variable).matches()
                || (variable.startsWith(VARIABLE_PREFIX)
                        && variable.endsWith("_PORT")
                        && ADDRESS.matcher(value).lookingAt());
    }

    /** What was odd and not refused. */
    public List<String> warnings() {
        return warnings;
    }

    /** Where a value came from; empty if it is not set. */
    public Optional<String> origin(Setting setting) {
        return Optional.ofNullable(values.get(setting)).map(Value::origin);
    }

    /** A value as written. */
    public Optional<String> text(Setting setting) {
        return read(setting, Function.identity());
    }

    /**
     * Reads a whole number.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static int parseNumber(String text) {
        if (!text.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException(Text.quote(text) + ": not a whole number");
        }
        return Integer.parseInt(text);
    }

    /**
     * Reads a port number.
     *
     * @throws IllegalArgumentException unless it is a number from 1 to 65535
     */
    public static int parsePort(String text) {
        if (Port.parse(text) instanceof Port.Number number) {
            return number.number();
        }
        throw new IllegalArgumentException(Text.quote(text) + ": not a number");
    }

    /**
     * Reads {@code true} or {@code false}, in any letter case.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static boolean parseFlag(String text) {
        boolean yes = text.equalsIgnoreCase("true");
        if (!yes && !text.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException(Text.quote(text));
        }
        return yes;
    }

    /**
     * Reads the path of a file or folder.
     *
     * @throws IllegalArgumentException if there can be none of that name
     */
    public static Path parsePath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException malformed) { // its text holds the path as it is
            throw new IllegalArgumentException(Text.quote(text), malformed);
        }
    }

    /**
     * Reads what is separated by a character, with any spacing; nothing between two of them is passed over.
     *
     * @throws IllegalArgumentException as {@code one} does
     */
    public static <T> List<T> parseList(String text, char separator, Function<String, T> one) {
        return split(text, String.valueOf(separator)).stream().map(one).toList();
    }

    /**
     * As {@link #parseList}, of one at least.
     *
     * @throws IllegalArgumentException if there is none, or as {@code one} does
     */
    public static <T> List<T> parseSome(String text, char separator, Function<String, T> one) {
        List<T> some = parseList(text, separator, one);
        if (some.isEmpty()) {
            throw new IllegalArgumentException(Text.quote(text));
        }
        return some;
    }

    /** Reads a value by a function of the caller's; what it refuses is reported with key, origin and expectation. */
    public <T> Optional<T> read(Setting setting, Function<String, T> parser) {
        return read(values.get(setting), setting.property(), setting.expectation(), parser);
    }

    /** The services that have settings of their own, as they are written. */
    public Set<String> services() {
        Set<String> names = new TreeSet<>();
        services.keySet().forEach(key -> names.add(key.service()));
        return names;
    }

    /** As {@link #read(Setting, Function)}, of one service. */
    public <T> Optional<T> read(String service, ServiceSetting setting, Function<String, T> parser) {
        Value value = services.get(new ServiceSetting.Key(service, setting));
        return read(value, setting.property(service), setting.expectation(), parser);
    }

    /**
     * A service's tiers.
     *
     * @param known the tiers that are meant by a name alone
     * @throws IllegalArgumentException if the value is malformed or names another tier
     */
    public Optional<List<Tier>> tiers(String service, List<Tier> known) {
        return read(
                service,
                ServiceSetting.TIERS,
                value -> parseSome(
                        value,
                        ';',
                        text -> known.stream()
                                .filter(tier -> tier.name().equals(text))
                                .findFirst()
                                .orElseGet(() -> Tier.parse(text))));
    }

    /**
     * With the values of others for all that can't change while a process runs.
     *
     * @param running what holds now
     * @param refused told of each value that is not taken over: key, value, origin and why
     */
    public Settings keepingFixed(Settings running, Consumer<String> refused) {
        Map<Setting, Value> next = copy();
        for (Setting setting : Setting.values()) {
            setting.fixed().ifPresent(why -> keep(setting, setting.property(), why, next, running.values, refused));
        }
        Map<ServiceSetting.Key, Value> nextServices = new HashMap<>(services);
        Set<ServiceSetting.Key> keys = new HashSet<>(services.keySet());
        keys.addAll(running.services.keySet());
        keys.forEach(key -> key.setting()
                .fixed()
                .ifPresent(why -> keep(
                        key, key.setting().property(key.service()), why, nextServices, running.services, refused)));
        return new Settings(next, nextServices, warnings);
    }

    /** With another's value of one setting; not set where it is not there. */
    public Settings taking(Setting setting, Settings other) {
        Map<Setting, Value> next = copy();
        Value value = other.values.get(setting);
        if (value == null) {
            next.remove(setting);
        } else {
            next.put(setting, value);
        }
        return new Settings(next, services, warnings);
    }

    private static <K> void keep(
            K key, String property, String why, Map<K, Value> next, Map<K, Value> running, Consumer<String> refused) {
        Value now = next.get(key);
        Value before = running.get(key);
        if (now == null ? before != null : before == null || !now.text().equals(before.text())) {
            refused.accept(property + ": "
                    + (now == null ? "not set any more" : Text.quote(now.text()) + " from " + now.origin())
                    + " is not taken over: " + why + " (restart to change it)");
        }
        if (before == null) {
            next.remove(key);
        } else {
            next.put(key, before);
        }
    }

    /** What is set for one service: key, value and origin, in the order of the settings. */
    public List<Provenance> of(String service) {
        return Stream.of(ServiceSetting.values())
                .flatMap(setting -> provenance(service, setting).stream())
                .toList();
    }

    /** What is set for one service, by one key. */
    public Optional<Provenance> provenance(String service, ServiceSetting setting) {
        return Optional.ofNullable(services.get(new ServiceSetting.Key(service, setting)))
                .map(value -> new Provenance(setting.property(service), written(value.text()), value.origin()));
    }

    /** A value as it may stand in a file: control and non-ASCII characters escaped. Not cut: two that differ must differ here. */
    public static String written(String value) {
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < value.length(); i += PIECE) {
            written.append(Text.safe(value.substring(i, Math.min(value.length(), i + PIECE))));
        }
        return written.toString();
    }

    /**
     * A refusal of several settings together, or of nobody knows which of them.
     *
     * @param refused what is wrong
     * @param concerned those that may have to do with it; of these, the ones that are set are named
     */
    public IllegalArgumentException refused(IllegalArgumentException refused, Setting... concerned) {
        String with = Stream.of(concerned)
                .flatMap(
                        setting -> Stream.ofNullable(values.get(setting)).map(value -> said(setting.property(), value)))
                .collect(Collectors.joining(", "));
        return with.isEmpty() ? refused : new IllegalArgumentException(brief(refused) + ", with " + with, refused);
    }

    /** As {@link #refused(IllegalArgumentException, Setting...)}, of what is set for one service. */
    public IllegalArgumentException refused(IllegalArgumentException refused, String service) {
        String with = Stream.of(ServiceSetting.values())
                .flatMap(setting -> Stream.ofNullable(services.get(new ServiceSetting.Key(service, setting)))
                        .map(value -> said(setting.property(service), value)))
                .collect(Collectors.joining(", "));
        return with.isEmpty() ? refused : new IllegalArgumentException(brief(refused) + ", with " + with, refused);
    }

    /** What is wrong; of a long list of such, the beginning and what was expected. */
    private static String brief(IllegalArgumentException refused) {
        String text = String.valueOf(refused.getMessage());
        int expected = Math.max(text.lastIndexOf(" (expected: "), text.length() - MOST_SAID);
        return text.length() <= 2 * MOST_SAID ? text : text.substring(0, MOST_SAID) + "…" + text.substring(expected);
    }

    private static String said(String property, Value value) {
        return property + ": " + Text.quote(value.text()) + " from " + value.origin();
    }

    /** The same, read from this file, which the application chose. */
    Settings readFrom(Path file) {
        Map<Setting, Value> next = copy();
        next.put(Setting.CONFIG, new Value(file.toString(), Provenance.BUILDER));
        return new Settings(next, services, warnings);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings same
                && values.equals(same.values)
                && services.equals(same.services)
                && warnings.equals(same.warnings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values, services);
    }

    private static <T> Optional<T> read(
            @Nullable Value value, String property, String expectation, Function<String, T> parser) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(value.text()));
        } catch (IllegalArgumentException refused) {
            String why = brief(refused).replaceFirst(" \\(expected: .*\\)$", "");
            String quoted = Text.quote(value.text());
            String more = why.equals(quoted) // which of several, and what of it
                    ? ""
                    : why.startsWith(quoted + ": ") ? why.substring(quoted.length()) : ": " + why;
            throw new IllegalArgumentException(
                    property + ": " + Text.quote(value.text()) + " from " + value.origin() + more + " (expected: "
                            + expectation + ")",
                    refused);
        }
    }

    /**
     * Turns what an options builder refused into a refusal that names the setting, its value and where it came from.
     *
     * @param group the first part of the keys, such as {@code dns}
     * @param refused whose text begins with the option's name: {@code probeInterval: PT0S (expected: …)}
     */
    public IllegalArgumentException refused(String group, IllegalArgumentException refused) {
        String text = inNotation(brief(refused));
        int colon = Math.max(0, text.indexOf(':'));
        String prefix = PREFIX + group + ".";
        String key =
                prefix + text.substring(0, colon).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        Optional<Map.Entry<Setting, Value>> said = values.entrySet().stream()
                .filter(entry -> entry.getKey().property().equals(key))
                .findFirst();
        if (said.isPresent()) {
            Value value = said.get().getValue();
            int expected = text.indexOf("(expected: ");
            return new IllegalArgumentException(
                    key + ": " + Text.quote(value.text()) + " from " + value.origin()
                            + (expected < 0 ? text.substring(colon) : " " + text.substring(expected)),
                    refused);
        }
        String others = values.entrySet().stream()
                .filter(entry -> entry.getKey().property().startsWith(prefix))
                .map(entry -> said(entry.getKey().property(), entry.getValue()))
                .collect(Collectors.joining(", "));
        return new IllegalArgumentException(
                (Setting.of(key).isPresent() ? key + text.substring(colon) : text) + ", with " + others, refused);
    }

    /** A text in which durations are written as settings are: {@code expected: 100ms to 10m}. */
    public static String inNotation(String text) {
        return ISO_DURATION.matcher(text).replaceAll(match -> {
            try {
                return formatDuration(Duration.parse(match.group()));
            } catch (DateTimeParseException none) {
                return match.group(); // a zone may be called so
            }
        });
    }

    /**
     * Reads {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h} or {@code PT5S}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Duration parseDuration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " (expected: a duration such as 500ms, 5s, 2m, 1h or PT5S)", malformed);
        }
    }

    /** As {@link #parseDuration} reads it, the shortest way: {@code 90s}, {@code 24h}. */
    public static String formatDuration(Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST_SHORT) > 0) {
            return duration.toString();
        }
        long millis = duration.toMillis();
        if (!Duration.ofMillis(millis).equals(duration)) {
            return duration.toString();
        } else if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        return seconds == 0 || seconds % 60 != 0
                ? seconds + "s"
                : seconds % 3_600 != 0 ? seconds / 60 + "m" : seconds / 3_600 + "h";
    }

    private static List<String> split(String value, String separator) {
        List<String> parts = new ArrayList<>();
        for (String part : value.split(separator)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private Map<Setting, Value> copy() {
        return new EnumMap<>(values);
    }

    private record Value(String text, String origin) {}
}
