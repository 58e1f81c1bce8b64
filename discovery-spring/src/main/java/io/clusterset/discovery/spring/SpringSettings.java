package io.clusterset.discovery.spring;

import io.clusterset.discovery.config.ServiceSetting;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The settings that a Spring environment says, over those of the files that the core reads itself. Of the operating system's
 * variables only {@code CLUSTERSET_…} count, at the place where variables have theirs: {@code DISCOVERY_SERVICES_PORT} is what
 * Kubernetes injects for a Service called {@code discovery-services}, and must not end a start. Thread-safe.
 */
final class SpringSettings implements Supplier<Settings> {

    static final String PREFIX = "discovery";

    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(PREFIX);
    private static final ConfigurationPropertyName SERVICES = ROOT.append("services");

    private static final Set<ConfigurationPropertyName> KNOWN = Stream.concat(
                    Stream.of(Setting.values()).map(Setting::property),
                    Stream.of("discovery.clients.enabled", "discovery.dns.servers", "discovery.allow-addresses"))
            .map(ConfigurationPropertyName::of)
            .collect(Collectors.toUnmodifiableSet());

    /** Below these, nobody else has any business. */
    private static final Set<ConfigurationPropertyName> GROUPS = Stream.concat(
                    Stream.of(SERVICES), KNOWN.stream().map(ConfigurationPropertyName::getParent))
            .filter(group -> !group.equals(ROOT))
            .collect(Collectors.toUnmodifiableSet());

    private final ConfigurableEnvironment environment;
    private final Supplier<Settings> files;
    private Settings last; // guarded by this, as is the next
    private Settings lastFiles;
    private Map<String, String> lastOfSystem = ofSystem();

    /**
     * Of an environment, as it is now and whenever it is {@link #refresh}ed.
     *
     * @throws IllegalArgumentException if something is malformed or unknown; the text names key, value, origin and what was expected
     * @throws org.springframework.boot.context.properties.bind.BindException if a value has not the type it should have
     */
    SpringSettings(ConfigurableEnvironment environment) {
        this.environment = environment;
        Said said = new Said(environment);
        this.files =
                Settings.files(Optional.ofNullable(said.properties().config()).map(Path::of));
        this.lastFiles = files.get();
        this.last = said.over(lastFiles);
        said.warnings().forEach(warning -> LOG.warn("{}", warning));
    }

    /** The same object while nothing has changed: a refresh aside, in a file of the core's or in this process's system properties. */
    @Override
    public synchronized Settings get() {
        Settings now = files.get();
        Map<String, String> set = ofSystem();
        if (!now.equals(lastFiles) || !set.equals(lastOfSystem)) {
            last = new Said(environment).over(now);
            lastFiles = now;
            lastOfSystem = set;
        }
        return last;
    }

    private static Map<String, String> ofSystem() {
        Map<String, String> ours = new HashMap<>();
        for (String key : System.getProperties().stringPropertyNames()) {
            if (key.startsWith(PREFIX + ".")) {
                ours.put(key, System.getProperty(key, ""));
            }
        }
        return ours;
    }

    /**
     * The environment has changed.
     *
     * @throws IllegalArgumentException as the constructor
     */
    synchronized void refresh() {
        last = new Said(environment).over(lastFiles);
    }

    /** What the environment says at one time. */
    private static final class Said {
        private final List<ConfigurationPropertySource> sources;
        private final Settings variables;
        private final DiscoveryProperties properties;

        Said(ConfigurableEnvironment environment) {
            Settings said = Settings.none();
            List<PropertySource<?>> kept = new ArrayList<>();
            for (PropertySource<?> source : environment.getPropertySources()) {
                if (source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
                    said = Settings.none().withEnvironment(strings(source));
                    kept.add(new MapPropertySource(source.getName(), properties(said)));
                } else if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(
                        source)) { // all of them again
                    kept.add(source);
                }
            }
            this.variables = said;
            List<ConfigurationPropertySource> readable = new ArrayList<>();
            ConfigurationPropertySources.from(kept).forEach(readable::add);
            this.sources = readable;
            this.properties = new Binder(readable, new PropertySourcesPlaceholdersResolver(environment))
                    .bindOrCreate(PREFIX, DiscoveryProperties.class);
        }

        private static Map<String, String> strings(PropertySource<?> variables) {
            Map<String, String> strings = new HashMap<>();
            if (variables instanceof EnumerablePropertySource<?> all) {
                for (String name : all.getPropertyNames()) {
                    strings.put(name, String.valueOf(all.getProperty(name)));
                }
            }
            return strings;
        }

        private static Map<String, Object> properties(Settings variables) {
            Map<String, Object> properties = new HashMap<>();
            for (Setting setting : Setting.values()) {
                variables.text(setting).ifPresent(text -> properties.put(setting.property(), text));
            }
            return properties;
        }

        DiscoveryProperties properties() {
            return properties;
        }

        Settings over(Settings files) {
            unknown(true).stream().findFirst().ifPresent(refused -> {
                throw new IllegalArgumentException(refused);
            });
            Settings all = files;
            for (Map.Entry<Setting, String> said : properties.said().entrySet()) {
                String key = said.getKey().property();
                all = all.withProperties(Map.of(key, said.getValue()), origin(said.getKey()));
            }
            for (Map.Entry<String, Map<ServiceSetting, String>> service :
                    properties.saidOfServices().entrySet()) {
                for (Map.Entry<ServiceSetting, String> said : service.getValue().entrySet()) {
                    String key = said.getKey().property(service.getKey());
                    all = all.withProperties(Map.of(key, said.getValue()), origin(key));
                }
            }
            return all;
        }

        private String origin(Setting setting) {
            return switch (setting) {
                case DNS_NAMESERVERS -> origin(setting.property(), "discovery.dns.servers");
                case DNS_ALLOW_ADDRESSES -> origin(setting.property(), "discovery.allow-addresses");
                default -> origin(setting.property());
            };
        }

        /** Who says one of these; the first of them that anybody says. */
        private String origin(String... keys) {
            return Stream.of(keys)
                    .map(ConfigurationPropertyName::of)
                    .flatMap(name -> Stream.concat(Stream.of(name), Stream.of(name.append("[0]"))))
                    .flatMap(this::origins)
                    .findFirst()
                    .orElse("the application's properties");
        }

        private Stream<String> origins(ConfigurationPropertyName name) {
            return sources.stream()
                    .flatMap(source -> Stream.ofNullable(source.getConfigurationProperty(name))
                            .map(property -> {
                                Origin origin = property.getOrigin();
                                return variable(name)
                                        .orElseGet(() -> Text.safe(origin == null ? where(source) : origin.toString()));
                            }));
        }

        private Optional<String> variable(ConfigurationPropertyName name) {
            return Setting.of(name.toString())
                    .filter(setting -> variables.text(setting).isPresent())
                    .flatMap(variables::origin);
        }

        private static String where(ConfigurationPropertySource source) {
            return source.getUnderlyingSource() instanceof PropertySource<?> named
                    ? named.getName()
                    : "the environment";
        }

        /**
         * A key below one of ours that is none is a slip of the pen; elsewhere it may be somebody else's, and is warned of. Of system
         * properties and variables, which a whole company may set, nothing is refused.
         */
        private List<String> unknown(boolean toRefuse) {
            List<String> unknown = new ArrayList<>();
            for (ConfigurationPropertySource source : sources) {
                if (source instanceof IterableConfigurationPropertySource all) {
                    all.stream()
                            .filter(ROOT::isAncestorOf)
                            .filter(name -> toRefuse == (isBelowOurs(name) && !isOfProcess(source)))
                            .forEach(name -> check(name, source).ifPresent(unknown::add));
                }
            }
            return unknown;
        }

        /** What was odd and not refused. */
        List<String> warnings() {
            return Stream.concat(variables.warnings().stream(), unknown(false).stream())
                    .toList();
        }

        private static boolean isOfProcess(ConfigurationPropertySource source) {
            return source.getUnderlyingSource() instanceof PropertySource<?> named
                    && named.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        }

        private static boolean isBelowOurs(ConfigurationPropertyName name) {
            return GROUPS.stream().anyMatch(group -> group.isAncestorOf(name));
        }

        /** What is wrong with a key: nobody knows it. */
        private static Optional<String> check(ConfigurationPropertyName name, ConfigurationPropertySource source) {
            int last = name.getNumberOfElements() - 1;
            ConfigurationPropertyName key = name.isNumericIndex(last) ? name.getParent() : name; // an element of a list
            if (KNOWN.contains(key) || isOfService(key)) {
                return Optional.empty();
            }
            try {
                Settings.none()
                        .withProperties(Map.of(key.toString(), ""), where(name, source)); // says what it might be
                return Optional.empty();
            } catch (IllegalArgumentException unknown) {
                String more =
                        SERVICES.isAncestorOf(key) ? "; in YAML a service's name is written \"[orders.shop]\"" : "";
                return Optional.of(unknown.getMessage() + more);
            }
        }

        private static String where(ConfigurationPropertyName name, ConfigurationPropertySource source) {
            ConfigurationProperty said = source.getConfigurationProperty(name);
            Origin origin = said == null ? null : said.getOrigin();
            return origin == null ? where(source) : Text.safe(origin.toString());
        }

        private static boolean isOfService(ConfigurationPropertyName key) {
            if (!SERVICES.isParentOf(key.getParent())) {
                return false;
            }
            String service = key.getElement(SERVICES.getNumberOfElements(), ConfigurationPropertyName.Form.ORIGINAL);
            return Stream.of(ServiceSetting.values())
                    .anyMatch(setting -> key.equals(ConfigurationPropertyName.of(setting.property(service))));
        }
    }
}
