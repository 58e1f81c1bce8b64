package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.kubernetes.KubernetesOptions.Scope;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide to the API: its settings are accepted, its code is this code, and it says what the log says. */
class KubernetesGuideTest {

    private static final Path GUIDE = Path.of("../docs/guides/kubernetes.md");

    static Discovery inCode() {
        return Discovery.builder().kubernetes(k -> k.watch(Scope.SERVICES)).build();
    }

    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(GUIDE))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    @Test
    void itsSettingsAreAccepted() throws IOException {
        for (String block : blocks("properties")) {
            Properties read = new Properties();
            read.load(new StringReader(block));
            Map<String, String> settings = new HashMap<>();
            read.stringPropertyNames().forEach(key -> settings.put(key, read.getProperty(key, "")));

            assertThat(Settings.none().withProperties(settings, "guide").read(Setting.KUBERNETES_WATCH, Scope::parse))
                    .contains(Scope.SERVICES);
        }
    }

    @Test
    void itsCodeIsThisCode() throws IOException {
        String source = Files.readString(
                        Path.of("src/test/java/io/clusterset/discovery/kubernetes/KubernetesGuideTest.java"))
                .replaceAll("\\s+", "");
        for (String block : blocks("java")) {
            assertThat(source).contains("return" + block.replaceAll("//.*", "").replaceAll("\\s+", ""));
        }
    }

    @Test
    void theRoleItShowsIsWhatIsSaid() throws IOException {
        String said = Refusals.role(
                new Turnstile.Place("endpointslices", "shop"), "User \"system:serviceaccount:shop:checkout\" cannot");

        assertThat(blocks("json")).containsExactly(said + "\n");
    }

    @Test
    void bareOffIsRefusedInTheWordsOfTheGuide() throws IOException {
        String words = "'false' (expected: off, services or cluster)";

        assertThatThrownBy(() -> Scope.parse("false")).hasMessage(words);
        assertThat(Files.readString(GUIDE)).contains("`" + words + "`");
    }

    @Test
    void allItPointsToIsThere() throws IOException {
        List<String> links = Pattern.compile("\\]\\(([^)#]+)\\)")
                .matcher(Files.readString(GUIDE))
                .results()
                .map(link -> link.group(1))
                .toList();

        assertThat(links).hasSizeGreaterThan(8).allMatch(link -> Files.exists(GUIDE.resolveSibling(link)));
    }
}
