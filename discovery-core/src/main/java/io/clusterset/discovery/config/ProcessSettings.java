package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What a process was given, read anew each time: cheap while nothing has changed, for it is asked four times a second. The class path
 * and the environment can't change and are read once. Thread-safe.
 */
final class ProcessSettings implements Supplier<Settings> {

    private static final String ON_CLASS_PATH = "discovery.properties";

    private static final Pattern SAYS_SOMETHING = Pattern.compile("(?m)^[ \\t\\f]*[^#!\\s]");

    /** A line that begins with a key of ours; told without reading the rest, for what is somebody else's may be written otherwise. */
    private static final Pattern OURS = Pattern.compile("(?m)^[ \\t\\f]*" + Pattern.quote(Settings.PREFIX));

    private final Settings packaged;
    private final Optional<Path> given;
    private final Map<String, String> environment;
    private final Optional<Path> ofEnvironment;
    private Optional<Optional<Path>> file = Optional.empty(); // guarded by this, as are the next three
    private Optional<Settings> last = Optional.empty();
    private Map<String, String> lastProperties = Map.of();
    private String lastText = "";

    /** With the file to read in place of the one that the environment or a system property names. */
    ProcessSettings(Optional<Path> file) {
        this(file, classes(), System.getenv());
    }

    static ClassLoader classes() {
        return Optional.ofNullable(Thread.currentThread().getContextClassLoader())
                .orElseGet(ClassLoader::getSystemClassLoader);
    }

    /** In another process. */
    ProcessSettings(Optional<Path> file, ClassLoader classes, Map<String, String> environment) {
        this.packaged = packaged(classes);
        this.given = file;
        this.environment = Map.copyOf(environment);
        this.ofEnvironment = Settings.none().withEnvironment(environment).read(Setting.CONFIG, Settings::parsePath);
    }

    @Override
    public Settings get() {
        return with(systemProperties());
    }

    private static Map<String, String> systemProperties() {
        Map<String, String> ours = new TreeMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(key -> key.startsWith(Settings.PREFIX))
                .forEach(key -> ours.put(key, System.getProperty(key, "")));
        return ours;
    }

    /** With these system properties. */
    synchronized Settings with(Map<String, String> properties) {
        try {
            return all(properties);
        } catch (IllegalArgumentException refused) {
            throw new RefusedSettings(refused, killSwitch(properties));
        }
    }

    private Settings all(Map<String, String> properties) {
        Optional<Path> read = file.orElseGet(() -> named(properties));
        file = Optional.of(read); // which one it is can't change any more, what it says can
        String text = read.map(SettingsFile::read).orElse("");
        if (last.isEmpty() || !lastProperties.equals(properties) || !lastText.equals(text)) {
            Settings files =
                    read.map(path -> packaged.withText(text, Text.path(path))).orElse(packaged);
            Settings all = files.withEnvironment(environment).withSystemProperties(properties);
            last = Optional.of(given.map(all::readFrom).orElse(all));
            lastProperties = Map.copyOf(properties);
            lastText = text;
        }
        return last.get();
    }

    /** What the file and the properties say of it, whatever is wrong with all the rest. */
    private Settings killSwitch(Map<String, String> properties) {
        Map<String, String> inFile = file.flatMap(path -> path)
                .map(path -> {
                    try {
                        return SettingsFile.parse(SettingsFile.read(path), Text.path(path));
                    } catch (IllegalArgumentException unreadable) {
                        return Map.<String, String>of();
                    }
                })
                .orElse(Map.of());
        String key = Setting.ENABLED.property();
        Settings read = Settings.none();
        if (inFile.containsKey(key)) {
            read = read.withProperties(
                    Map.of(key, inFile.getOrDefault(key, "")),
                    file.flatMap(path -> path).map(Text::path).orElse(""));
        }
        read = read.withEnvironment(environmentOf(Setting.ENABLED));
        return properties.containsKey(key)
                ? read.withSystemProperties(Map.of(key, properties.getOrDefault(key, "")))
                : read;
    }

    private Map<String, String> environmentOf(Setting setting) {
        String value = environment.get(setting.variable());
        return value == null ? Map.of() : Map.of(setting.variable(), value);
    }

    private Optional<Path> named(Map<String, String> properties) {
        return given.or(() ->
                        Settings.none().withSystemProperties(properties).read(Setting.CONFIG, Settings::parsePath))
                .or(() -> ofEnvironment);
    }

    /** The first one on the class path, if it is ours: a file of that name that says nothing of ours is somebody else's. */
    private static Settings packaged(ClassLoader classes) {
        List<URL> found;
        try {
            found = Collections.list(classes.getResources(ON_CLASS_PATH));
        } catch (IOException unreadable) {
            return Settings.none()
                    .warning(List.of("the class path cannot be searched for " + ON_CLASS_PATH + ": " + unreadable));
        }
        List<String> warned = new ArrayList<>();
        Optional<Settings> first = Optional.empty();
        for (URL place : found) {
            String origin = ON_CLASS_PATH + " on the class path (" + Text.safe(place.toString()) + ")";
            String text = text(place, origin);
            boolean ours = OURS.matcher(text).find();
            if (ours && first.isPresent()) {
                warned.add(origin + " is not read, another one comes before it");
            } else if (ours) {
                first = Optional.of(Settings.none().withText(text, ON_CLASS_PATH + " on the class path"));
            } else if (SAYS_SOMETHING.matcher(text).find()) {
                warned.add(origin + " says nothing of discovery.*, it is taken for somebody else's");
            }
        }
        return first.orElse(Settings.none()).warning(warned);
    }

    private static String text(URL place, String origin) {
        try (InputStream in = place.openStream()) {
            return SettingsFile.read(in, origin);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    origin + ": cannot be read: " + Text.safe(unreadable.toString()) + " (expected: a properties file)",
                    unreadable);
        }
    }
}
