package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who does not want metrics need not have Micrometer: frameworks reflect on whatever is a bean, and find all of it. */
final class MetricsWithoutMicrometerTest {

    private static final String OURS = "io.clusterset.discovery.";

    /** The class path of this test, less Micrometer; it shares nothing with this test's own but the JDK. */
    private final URLClassLoader without = new URLClassLoader(
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> !entry.contains("micrometer"))
                    .map(MetricsWithoutMicrometerTest::url)
                    .toArray(URL[]::new),
            ClassLoader.getPlatformClassLoader());

    @AfterEach
    void close() throws IOException {
        without.close();
    }

    @Test
    void micrometerIsHidden() {
        assertThatThrownBy(() -> without.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> without.loadClass(DiscoveryMetrics.class.getName()))
                .isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void aDiscoveryIsBuiltAndReadWithoutIt() throws ReflectiveOperationException {
        Class<?> type = without.loadClass(Discovery.class.getName());
        assertThat(type).isNotSameAs(Discovery.class);

        Object discovery = type.getMethod("create").invoke(null);
        Object figures = type.getMethod("figures").invoke(discovery);
        type.getMethod("close").invoke(discovery);

        assertThat(figures.toString()).startsWith("Figures[enabled=true");
    }

    @Test
    void everyOtherPublicClassCanBeReflectedUpon() throws Exception {
        List<Class<?>> classes = publicClasses();
        assertThat(classes).hasSizeGreaterThan(100).contains(without.loadClass(Discovery.class.getName()));

        for (Class<?> type : classes) {
            assertThat(seen(type)).describedAs(type.getName()).noneMatch(name -> name.startsWith("io.micrometer"));
        }
    }

    /** A module of ours that required Micrometer transitively, even statically, would make it everybody's. */
    @Test
    void aModuleThatUsesOursIsCompiledWithoutIt(@TempDir Path folder) throws IOException {
        Path module = Files.writeString(
                folder.resolve("module-info.java"), "module application { requires io.clusterset.discovery; }");
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith("core" + File.separator + "target" + File.separator + "classes")
                        || entry.matches(".*/(caffeine|dnsjava|resilience4j-[a-z]+|slf4j-api|jspecify)-[0-9.]+\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        StringWriter said = new StringWriter();

        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "-p",
                        path,
                        "-d",
                        folder.toString(),
                        module.toString());

        assertThat(status).describedAs(said.toString()).isZero();
    }

    /** All types in the signatures of a class, private ones too. */
    private static Stream<String> seen(Class<?> type) {
        Stream<Class<?>> methods = Arrays.stream(type.getDeclaredMethods())
                .flatMap(method -> Stream.concat(Stream.of(method.getReturnType()), parameters(method)));
        Stream<Class<?>> constructors =
                Arrays.stream(type.getDeclaredConstructors()).flatMap(MetricsWithoutMicrometerTest::parameters);
        Stream<Class<?>> fields = Arrays.stream(type.getDeclaredFields()).map(field -> field.getType());
        return Stream.of(methods, constructors, fields).flatMap(all -> all).map(Class::getName);
    }

    private static Stream<Class<?>> parameters(Method method) {
        return Arrays.stream(method.getParameterTypes());
    }

    private static Stream<Class<?>> parameters(Constructor<?> constructor) {
        return Arrays.stream(constructor.getParameterTypes());
    }

    private List<Class<?>> publicClasses() throws IOException, URISyntaxException, ClassNotFoundException {
        URI root = Discovery.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".class")).toList()) {
                String name = Path.of(root)
                        .relativize(file)
                        .toString()
                        .replace(File.separatorChar, '.')
                        .replaceFirst("\\.class$", "");
                if (name.startsWith(OURS)
                        && !name.endsWith("package-info")
                        && !name.equals(DiscoveryMetrics.class.getName())) {
                    Class<?> type = without.loadClass(name);
                    if (Modifier.isPublic(type.getModifiers())) {
                        classes.add(type);
                    }
                }
            }
        }
        return classes;
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
