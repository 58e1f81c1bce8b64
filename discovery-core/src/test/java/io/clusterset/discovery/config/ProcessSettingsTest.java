package io.clusterset.discovery.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clusterset.discovery.model.Provenance;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process is given, from whatever there may be in its place. */
@Timeout(20)
class ProcessSettingsTest {

    private static final ClassLoader NOTHING = new URLClassLoader(new URL[0], null);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("a.properties");
    }

    private ProcessSettings given() {
        return new ProcessSettings(Optional.of(file), NOTHING, Map.of());
    }

    private static Settings read(ProcessSettings process) {
        return process.with(Map.of());
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private ClassLoader classPath(String... contents) throws IOException {
        URL[] urls = new URL[contents.length];
        for (int i = 0; i < contents.length; i++) {
            Path place = Files.createDirectories(folder.resolve("classes" + i));
            Files.writeString(place.resolve("discovery.properties"), contents[i]);
            urls[i] = place.toUri().toURL();
        }
        return new URLClassLoader(urls, null);
    }

    private static ProcessSettings packaged(ClassLoader classes) {
        return new ProcessSettings(Optional.empty(), classes, Map.of());
    }

    @Test
    void eachLayerIsOverTheOneBefore() throws IOException {
        write("discovery.namespace=file\n");
        ClassLoader classes = classPath("discovery.namespace=packaged\ndiscovery.default-port=1\n");
        Map<String, String> environment = Map.of("CLUSTERSET_CONFIG", file.toString());
        Settings packaged = packaged(classes).with(Map.of());
        Settings files = new ProcessSettings(Optional.empty(), classes, environment).with(Map.of());
        Map<String, String> more = Map.of("CLUSTERSET_CONFIG", file.toString(), "CLUSTERSET_NAMESPACE", "env");
        Settings variables = new ProcessSettings(Optional.empty(), classes, more).with(Map.of());
        Settings properties = new ProcessSettings(Optional.empty(), classes, more)
                .with(Map.of("discovery.namespace", "property", "discovery.nosuch", "x"));
        assertThat(Stream.of(packaged, files, variables, properties)
                        .map(all -> all.text(Setting.NAMESPACE).orElseThrow() + " from "
                                + all.origin(Setting.NAMESPACE).orElseThrow()))
                .containsExactly(
                        "packaged from discovery.properties on the class path",
                        "file from " + file,
                        "env from environment variable CLUSTERSET_NAMESPACE",
                        "property from system property");
        assertThat(properties.text(Setting.DEFAULT_PORT)).contains("1");
        assertThat(properties.warnings())
                .singleElement()
                .asString()
                .startsWith("system property discovery.nosuch is no setting (nearest: ");
    }

    @Test
    void whichFileIsReadIsSaidByThePropertyRatherThanTheVariableAndTheCallerRatherThanBoth() throws IOException {
        write("discovery.namespace=a\n");
        Path second = Files.writeString(folder.resolve("b.properties"), "discovery.namespace=b\n");
        Map<String, String> variable =
                Map.of("CLUSTERSET_CONFIG", folder.resolve("nosuch").toString());
        Map<String, String> property = Map.of("discovery.config", second.toString());
        Settings said = new ProcessSettings(Optional.empty(), NOTHING, variable).with(property);
        assertThat(said.text(Setting.NAMESPACE)).contains("b");
        assertThat(said.origin(Setting.CONFIG)).contains("system property");
        Settings given = new ProcessSettings(Optional.of(file), NOTHING, variable).with(property);
        assertThat(given.text(Setting.NAMESPACE)).contains("a");
        assertThat(given.text(Setting.CONFIG)).contains(file.toString());
        assertThat(given.origin(Setting.CONFIG)).contains(Provenance.BUILDER);
    }

    /** A setting that can't change must not do so behind its own back. */
    @Test
    void theFileThatWasReadFirstIsReadOn() throws IOException {
        write("discovery.namespace=a\n");
        Path second = Files.writeString(folder.resolve("b.properties"), "discovery.namespace=b\n");
        ProcessSettings process = new ProcessSettings(Optional.empty(), NOTHING, Map.of());
        Settings before = process.with(Map.of("discovery.config", file.toString()));
        Settings later = process.with(Map.of("discovery.config", second.toString()));
        assertThat(later.text(Setting.NAMESPACE)).contains("a");
        List<String> refused = new ArrayList<>();
        Settings kept = later.keepingFixed(before, refused::add);
        assertThat(refused)
                .containsExactly("discovery.config: '" + second
                        + "' from system property is not taken over: it is opened" + " once (restart to change it)");
        assertThat(kept.text(Setting.CONFIG)).contains(file.toString());
    }

    @Test
    void withoutAnyFileThereIsNothing() {
        Settings none = read(new ProcessSettings(Optional.empty(), NOTHING, Map.of()));
        assertThat(none).isEqualTo(Settings.none());
    }

    @Test
    void whileNothingHasChangedItIsTheSameObject() throws IOException {
        write("discovery.namespace=a\n");
        ProcessSettings process = given();
        Settings first = read(process);
        assertThat(read(process)).isSameAs(first);
        write("discovery.namespace=a\n");
        assertThat(read(process)).isSameAs(first);
        write("discovery.namespace=b\n");
        assertThat(read(process)).isNotSameAs(first);
        assertThat(read(process).text(Setting.NAMESPACE)).contains("b");
        assertThat(process.with(Map.of("discovery.namespace", "c")).text(Setting.NAMESPACE))
                .contains("c");
        assertThat(read(process).text(Setting.NAMESPACE)).contains("b");
    }

    @Test
    void aFileMayVanishAndComeBack() throws IOException {
        ProcessSettings process = given();
        assertThatThrownBy(() -> read(process))
                .hasMessage(file + ": cannot be read: there is none (expected: a properties file)");
        write("discovery.namespace=a\n");
        Settings first = read(process);
        Files.delete(file);
        assertThatThrownBy(() -> read(process)).hasMessageContaining("there is none");
        write("discovery.namespace=a\n");
        assertThat(read(process)).isSameAs(first);
    }

    /** A ConfigMap's folder: the file is a link into {@code ..data}, which is a link that is replaced. */
    @Test
    void aConfigMapIsFollowed() throws IOException {
        Path old = Files.createDirectories(folder.resolve("..2026_01"));
        Path next = Files.createDirectories(folder.resolve("..2026_02"));
        Files.writeString(old.resolve("a.properties"), "discovery.namespace=a\n");
        Files.writeString(next.resolve("a.properties"), "discovery.namespace=b\n");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(file, Path.of("..data", "a.properties"));
        ProcessSettings process = given();
        assertThat(read(process).text(Setting.NAMESPACE)).contains("a");
        Path staged = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2026_02"));
        Files.move(staged, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(old.resolve("a.properties"));
        Files.delete(old);
        assertThat(read(process).text(Setting.NAMESPACE)).contains("b");
        assertThat(read(process).origin(Setting.NAMESPACE)).contains(file.toString());
    }

    @Test
    @Timeout(5)
    void aGibibyteIsRefusedAndNotRead() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        assertThatThrownBy(() -> read(given())).hasMessage(file + ": larger than 1 MiB (expected: a properties file)");
    }

    @Test
    void aMebibyteIsRead() throws IOException {
        String line = "discovery.namespace=a\n";
        write(line + "#".repeat((1 << 20) - line.length()));
        assertThat(read(given()).text(Setting.NAMESPACE)).contains("a");
        write(line + "#".repeat((1 << 20) - line.length() + 1));
        assertThatThrownBy(() -> read(given())).hasMessageContaining("larger than 1 MiB");
    }

    @Test
    void aFolderIsRefused() throws IOException {
        Files.createDirectory(file);
        assertThatThrownBy(() -> read(given()))
                .hasMessage(file + ": cannot be read: it is no file (expected: a properties file)");
    }

    @Test
    void aPipeIsRefusedAndNotWaitedFor() throws Exception {
        Process made = new ProcessBuilder("mkfifo", file.toString()).start();
        assumeTrue(made.waitFor() == 0, "no mkfifo here");
        assertThatThrownBy(() -> read(given())).hasMessageContaining("it is no file");
    }

    @Test
    void whatMayNotBeReadIsRefusedByName() throws IOException {
        write("discovery.namespace=a\n");
        assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file), "whoever runs this may read anything");
        assertThatThrownBy(() -> read(given()))
                .hasMessageStartingWith(file + ": cannot be read: java.nio.file.AccessDeniedException");
    }

    @Test
    void aPathThatIsNoneIsRefusedInPlainText() {
        Map<String, String> environment = Map.of("CLUSTERSET_CONFIG", "a\0b\nc");
        assertThatThrownBy(() -> new ProcessSettings(Optional.empty(), NOTHING, environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "discovery.config: 'a\\u0000b\\u000ac' from environment variable CLUSTERSET_CONFIG (expected: a"
                                + " file's path)");
        assertThatThrownBy(() -> Settings.none().withFile(folder.resolve("no\nsuch")))
                .hasMessageContaining("no\\u000asuch: cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "'discovery.namespace=\\u00zz', 'cannot be read: Malformed \\uxxxx encoding.'",
        "'discovery.namespace=\\u0', 'cannot be read: Malformed \\uxxxx encoding.'",
        "'Discovery.Namespace=a', 'unknown key ''Discovery.Namespace'' (expected: a known key; nearest: discovery.namespace)'",
        "'discovery.name space=a', 'unknown key ''discovery.name'''",
        "'namespace=a', 'unknown key ''namespace'''",
        "'discovery.config=a', 'discovery.config (expected: not in a file'",
        "'PK\u0003\u0004', 'unknown key ''PK\\u0003\\u0004'''",
    })
    void whatIsNoneOfOursIsRefusedWithTheFilesName(String text, String why) throws IOException {
        write(text);
        assertThatThrownBy(() -> read(given()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(why)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void howLinesEndAndWhatWindowsPutsInFrontDoesNotMatter() throws IOException {
        for (String text : List.of(
                "discovery.namespace=a\r\ndiscovery.default-port=1\r\n",
                "discovery.namespace=a\rdiscovery.default-port=1",
                "\uFEFFdiscovery.namespace=a\ndiscovery.default-port=1\n",
                "\uFEFF# of Notepad\r\ndiscovery.namespace=a\r\ndiscovery.default-port=1\r\n",
                "discovery.namespace : a  \n discovery.default-port 1\n")) {
            write(text);
            Settings settings = read(given());
            assertThat(settings.text(Setting.NAMESPACE)).contains("a");
            assertThat(settings.text(Setting.DEFAULT_PORT)).contains("1");
        }
    }

    @Test
    void aKeyThatSaysTwoThingsIsRefusedWithBoth() throws IOException {
        write("discovery.namespace=a\ndiscovery.default-port=1\ndiscovery.namespace:b\n");
        assertThatThrownBy(() -> read(given()))
                .hasMessage("discovery.namespace: 'a' and 'b' from " + file + " (expected: said once)");
        write("discovery.namespace=a\ndiscovery.namespace=a\n");
        assertThat(read(given()).text(Setting.NAMESPACE)).contains("a");
    }

    @Test
    void ofSeveralOnTheClassPathTheFirstOfOursIsRead() throws IOException {
        Settings settings = read(packaged(classPath(
                "# nothing but a comment\n\n",
                "eureka.name=x\nbroken=\\u00zz\n",
                "  discovery.namespace=a\n",
                "discovery.namespace=b\n")));
        assertThat(settings.text(Setting.NAMESPACE)).contains("a");
        assertThat(settings.origin(Setting.NAMESPACE)).contains("discovery.properties on the class path");
        assertThat(settings.warnings()).hasSize(2);
        assertThat(settings.warnings().get(0))
                .contains("classes1")
                .endsWith(" says nothing of discovery.*, it is taken for somebody else's");
        assertThat(settings.warnings().get(1))
                .contains("classes3")
                .endsWith(" is not read, another one comes before it");
    }

    @Test
    void oursOnTheClassPathIsReadAsStrictlyAsAnyOther() throws IOException {
        ClassLoader unknown = classPath("discovery.nosuch=1\n");
        assertThatThrownBy(() -> packaged(unknown))
                .hasMessageStartingWith("discovery.properties on the class path: unknown key 'discovery.nosuch'");
        ClassLoader broken = classPath("discovery.namespace=\\u00zz\n");
        assertThatThrownBy(() -> packaged(broken))
                .hasMessageStartingWith("discovery.properties on the class path: cannot be read: Malformed");
    }

    @Test
    void oneOnTheClassPathThatCannotBeReadIsRefusedByPlace() throws MalformedURLException {
        URL gone = URI.create("file:" + folder.resolve("gone/discovery.properties"))
                .toURL();
        ClassLoader classes = new ClassLoader(null) {
            @Override
            protected Enumeration<URL> findResources(String name) {
                return Collections.enumeration(List.of(gone));
            }
        };
        assertThatThrownBy(() -> packaged(classes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("discovery.properties on the class path (" + gone + "): cannot be read: ")
                .hasMessageContaining("(expected: ");
        ClassLoader unsearchable = new ClassLoader(null) {
            @Override
            protected Enumeration<URL> findResources(String name) throws IOException {
                throw new IOException("no such disk");
            }
        };
        assertThat(read(packaged(unsearchable)).warnings())
                .containsExactly("the class path cannot be searched for discovery.properties: java.io.IOException: no"
                        + " such disk");
    }

    @Test
    void textIsUtf8() throws IOException {
        Files.write(file, "discovery.balance.client=\u00e9\u20ac".getBytes(StandardCharsets.UTF_8));
        assertThat(read(given()).text(Setting.BALANCE_CLIENT)).contains("\u00e9\u20ac");
    }

    @Test
    void whateverIsWrongTheKillSwitchIsRead() throws Exception {
        Path file = Files.writeString(folder.resolve("a.properties"), "discovery.enabled=false\nno.such=1\n");
        ProcessSettings given =
                new ProcessSettings(Optional.of(file), getClass().getClassLoader(), Map.of());
        assertThat(killSwitch(given, Map.of())).contains("false");
        assertThat(killSwitch(given, Map.of("discovery.enabled", "true"))).contains("true");
        Files.writeString(file, "no.such=1\n");
        assertThat(killSwitch(given, Map.of())).isEmpty();
        Files.delete(file);
        assertThat(killSwitch(given, Map.of("discovery.enabled", "false"))).contains("false");
        ProcessSettings pod = new ProcessSettings(
                Optional.of(file), getClass().getClassLoader(), Map.of("CLUSTERSET_ENABLED", "false"));
        assertThat(killSwitch(pod, Map.of())).contains("false");
    }

    /** A framework has its own say over variables and system properties: in a process that has both, neither is read. */
    @Test
    void filesAloneAreFilesAlone() throws Exception {
        write("discovery.namespace=file\n");
        Path other = Files.writeString(folder.resolve("other.properties"), "discovery.namespace=other\n");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Files.writeString(
                classes.resolve("discovery.properties"),
                "discovery.namespace=packaged\ndiscovery.balance.client=packaged\n");
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Ddiscovery.namespace=property",
                "-Ddiscovery.default-port=1",
                "-Ddiscovery.config=" + other,
                "-Ddiscovery.nosuch=x",
                "-cp",
                classes
                        + File.pathSeparator
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                FilesAlone.class.getName(),
                file.toString());
        builder.environment()
                .putAll(Map.of(
                        "CLUSTERSET_NAMESPACE",
                        "variable",
                        "CLUSTERSET_ENABLED",
                        "false",
                        "CLUSTERSET_CONFIG",
                        other.toString(),
                        "CLUSTERSET_NOSUCH",
                        "x"));
        Process process = builder.redirectErrorStream(true).start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.lines())
                    .containsExactly(
                            "files: file from " + file
                                    + ", - from -, - from -, packaged from discovery.properties on the"
                                    + " class path, " + file + " from builder, []",
                            "no file: packaged from discovery.properties on the class path, - from -, - from -, packaged"
                                    + " from discovery.properties on the class path, - from -, []",
                            // or this test would not see it if they were read
                            "process: property from system property, 1 from system property, false from environment"
                                    + " variable CLUSTERSET_ENABLED, packaged from discovery.properties on the class path,"
                                    + " " + other + " from system property, two odd");
        }
    }

    @Test
    void filesAreReadAnewEachTime() throws IOException {
        write("discovery.namespace=a\n");
        Supplier<Settings> files = Settings.files(Optional.of(file));
        Settings first = files.get();
        assertThat(first.text(Setting.NAMESPACE)).contains("a");
        assertThat(files.get()).isSameAs(first);
        write("discovery.namespace=b\n");
        assertThat(files.get().text(Setting.NAMESPACE)).contains("b");
        Files.delete(file);
        assertThatThrownBy(files::get)
                .hasMessage(file + ": cannot be read: there is none (expected: a properties file)");
    }

    private static Optional<String> killSwitch(ProcessSettings settings, Map<String, String> properties) {
        try {
            settings.with(properties);
            throw new AssertionError("not refused");
        } catch (RefusedSettings refused) {
            return refused.rest().text(Setting.ENABLED);
        }
    }
}
