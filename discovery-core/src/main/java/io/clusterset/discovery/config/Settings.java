package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

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

    /** What this process was given: {@code discovery.*} system properties over {@code CLUSTERSET_*} variables. */
    public static Settings ofProcess() {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(key -> key.startsWith(PREFIX))
                .forEach(key -> properties.put(key, System.getProperty(key, "")));
        return of(System.getenv(), properties);
    }

    /** Unknown keys are only warned of in both: they may be somebody else's. */
    static Settings of(Map<String, String> environment, Map<String, String> systemProperties) {
        Settings settings = none().withEnvironment(environment);
        List<String> warned = new ArrayList<>(settings.warnings);
        Map<String, String> known = new TreeMap<>();
        systemProperties.forEach((key, value) -> {
            if (isKnown(key)) {
                known.put(key, value);
            } else {
                warned.add(
                        "system property " + Text.safe(key) + " is no setting (nearest: " + Setting.nearest(key) + ")");
            }
        });
        Settings both = settings.withProperties(known, "system property");
        return new Settings(both.values, both.services, List.copyOf(warned));
    }

    /**
     * With the properties of a file on top.
     *
     * @throws IllegalArgumentException if it cannot be read or a key is unknown; the text names the file and the key
     */
    public Settings withFile(Path file) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            read.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    file + ": cannot be read (" + unreadable + "; expected: a properties file)", unreadable);
        }
        Map<String, String> properties = new TreeMap<>();
        read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key, "")));
        return withProperties(properties, file.toString());
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
                Setting.ofProperty(key).ifPresent(setting -> next.put(setting, read));
                ServiceSetting.ofProperty(key).ifPresent(setting -> nextServices.put(setting, read));
            }
        });
        return new Settings(next, nextServices, warnings);
    }

    private static boolean isKnown(String key) {
        return Setting.ofProperty(key).isPresent()
                || ServiceSetting.ofProperty(key).isPresent();
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
            if (setting != null && (value.isBlank() || value.matches("(tcp|udp|sctp)://.*"))) {
                return; // as above: not set; or CLUSTERSET_DEFAULT_PORT of a Service called clusterset-default
            }
            if (setting != null) {
                next.put(setting, new Value(value.strip(), "environment variable " + variable));
            } else if (variable.startsWith(SERVICES_VARIABLE)) {
                warned.add("environment variable " + Text.safe(variable) + " is no setting (one service's are read from"
                        + " files and system properties: " + ServiceSetting.nearest("") + ")");
            } else if (variable.startsWith(VARIABLE_PREFIX) && !isServiceVariable(variable)) {
                warned.add("environment variable " + Text.safe(variable) + " is no setting (nearest: "
                        + Setting.nearestVariable(variable) + ")");
            }
        });
        return new Settings(next, services, List.copyOf(warned));
    }

    /** What a Service called {@code clusterset}, or {@code clusterset-} and more, makes Kubernetes inject. */
    private static boolean isServiceVariable(String variable) {
        return variable.matches(
                "CLUSTERSET_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT(_.*)?)|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.*)?)?)");
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
     * A duration.
     *
     * @throws IllegalArgumentException if the value is not one
     */
    public Optional<Duration> duration(Setting setting) {
        return read(setting, Settings::parseDuration);
    }

    /**
     * A port number.
     *
     * @throws IllegalArgumentException if the value is not one
     */
    public Optional<Integer> port(Setting setting) {
        return read(setting, value -> {
            if (Port.parse(value) instanceof Port.Number number) {
                return number.number();
            }
            throw new IllegalArgumentException("not a number");
        });
    }

    /**
     * {@code true} or {@code false}, in any letter case.
     *
     * @throws IllegalArgumentException if the value is neither
     */
    public Optional<Boolean> flag(Setting setting) {
        return read(setting, value -> {
            boolean yes = value.equalsIgnoreCase("true");
            if (!yes && !value.equalsIgnoreCase("false")) {
                throw new IllegalArgumentException("neither");
            }
            return yes;
        });
    }

    /**
     * Numbers, separated by commas.
     *
     * @throws IllegalArgumentException if the value is not that
     */
    public Optional<List<Integer>> numbers(Setting setting) {
        return read(
                setting,
                value -> split(value, ",").stream().map(Integer::valueOf).toList());
    }

    /**
     * Nameservers, separated by commas; at port 53 unless they say another.
     *
     * @throws IllegalArgumentException if the value is not that
     */
    public Optional<List<InetSocketAddress>> nameservers(Setting setting) {
        return read(
                setting,
                value -> split(value, ",").stream().map(Addresses::nameserver).toList());
    }

    /**
     * Address blocks, separated by commas.
     *
     * @throws IllegalArgumentException if the value is not that
     */
    public Optional<List<Cidr>> blocks(Setting setting) {
        return read(
                setting, value -> split(value, ",").stream().map(Cidr::parse).toList());
    }

    /**
     * Tiers, separated by semicolons.
     *
     * @throws IllegalArgumentException if the value is not that
     */
    public Optional<List<Tier>> tiers(Setting setting) {
        return read(
                setting, value -> split(value, ";").stream().map(Tier::parse).toList());
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
                value -> split(value, ";").stream()
                        .map(text -> known.stream()
                                .filter(tier -> tier.name().equals(text))
                                .findFirst()
                                .orElseGet(() -> Tier.parse(text)))
                        .toList());
    }

    /**
     * A service's endpoints.
     *
     * @throws IllegalArgumentException if the value is not IP:PORT, separated by commas
     */
    public Optional<List<Endpoint>> endpoints(String service) {
        return read(
                service,
                ServiceSetting.STATIC,
                value -> split(value, ",").stream().map(Endpoint::parse).toList());
    }

    private static <T> Optional<T> read(
            @Nullable Value value, String property, String expectation, Function<String, T> parser) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(value.text()));
        } catch (IllegalArgumentException refused) {
            String why = String.valueOf(refused.getMessage()).replaceFirst(" \\(expected: .*\\)$", "");
            String more = why.equals(Text.quote(value.text())) ? "" : ": " + why; // which of several, and what of it
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
        String text = String.valueOf(refused.getMessage());
        String option = text.substring(0, Math.max(0, text.indexOf(':')));
        String key = PREFIX + group + "." + option.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        StringBuilder said = new StringBuilder();
        values.forEach((setting, value) -> {
            if (setting.property().equals(key)) {
                said.insert(0, setting.property() + ": " + Text.quote(value.text()) + " from " + value.origin() + ": ");
            } else if (setting.property().startsWith(PREFIX + group + ".")) {
                said.append(setting.property())
                        .append("=")
                        .append(Text.safe(value.text()))
                        .append(", ");
            }
        });
        return new IllegalArgumentException(said + text, refused);
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
        } catch (java.time.format.DateTimeParseException malformed) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " (expected: a duration such as 500ms, 5s, 2m, 1h or PT5S)", malformed);
        }
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
