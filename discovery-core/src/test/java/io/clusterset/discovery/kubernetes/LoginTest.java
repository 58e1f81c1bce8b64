package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the API server is and who asks, and what is said when that is not known. */
final class LoginTest {

    private static final String PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    private final ManualTime time = new ManualTime();

    @TempDir
    private Path root;

    private KubernetesAccess pod() throws IOException {
        Path account = Files.createDirectories(root.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        Files.writeString(account.resolve("token"), "t1\n");
        Files.writeString(account.resolve("ca.crt"), PEM);
        return new KubernetesAccess(
                root, Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "6443"));
    }

    private Login config(String user, String cluster) throws IOException {
        Path file = Files.writeString(
                root.resolve("config"),
                "apiVersion: v1\ncurrent-context: c\n"
                        + "contexts: [{name: other, context: {cluster: x}}, {name: c, context: {cluster: k, user: u}}]\n"
                        + "clusters: [{name: k, cluster: {server: 'https://k8s.example.com:6443'" + cluster + "}}]\n"
                        + "users: [{name: u, user: {" + user + "}}]\n");
        return Login.of(Fabric8.kubeconfig(file), time);
    }

    @Test
    void aPodKnowsItsApiServer() throws IOException {
        Login login = Login.inPod(pod(), time);
        assertThat(login.server()).hasToString("https://10.96.0.1:6443");
        assertThat(login.authorityOfServer()).isEqualTo("10.96.0.1:6443");
        assertThat(login.authority()).contains(PEM);
        assertThat(login.trustAnybody()).isFalse();
        assertThat(login.token().now()).isEqualTo("t1");
        assertThat(login.proxy()).isEmpty();
        assertThat(login.toString() + login.token()).doesNotContain("t1", "AAAA");
    }

    @Test
    void anApiServerMayHaveAnIpv6Address() throws IOException {
        KubernetesAccess access = new KubernetesAccess(pod().root(), Map.of("KUBERNETES_SERVICE_HOST", "fd00::1"));
        assertThat(Login.inPod(access, time).server()).hasToString("https://[fd00::1]:443");
    }

    @Test
    void outsideOfAPodItIsSaidWhatIsMissing() throws IOException {
        KubernetesAccess access = pod();
        assertThatThrownBy(() -> Login.inPod(new KubernetesAccess(root, Map.of()), time))
                .hasMessage("no API server known: KUBERNETES_SERVICE_HOST is not set"
                        + " (expected: to run in a pod, or discovery.kubernetes.kubeconfig)");
        Files.delete(access.account("token"));
        assertThatThrownBy(() -> Login.inPod(access, time))
                .hasMessageStartingWith("token: no file ")
                .hasMessageContaining("automountServiceAccountToken");
        Files.delete(access.account("ca.crt"));
        assertThatThrownBy(() -> Login.inPod(access, time))
                .hasMessageStartingWith("the service account's ca.crt: no file ");
    }

    @Test
    void aKubeconfigSaysTheSame() throws IOException {
        String data = Base64.getEncoder().encodeToString(PEM.getBytes(StandardCharsets.UTF_8));
        Files.writeString(root.resolve("client.crt"), "certificate");
        Files.writeString(root.resolve("client.key"), "key");
        Login login = config(
                "client-certificate: client.crt, client-key: client.key",
                ", certificate-authority-data: " + data + ", proxy-url: 'http://proxy:3128'");
        assertThat(login.server()).hasToString("https://k8s.example.com:6443");
        assertThat(login.authority()).contains(PEM);
        assertThat(login.certificate()).contains("certificate");
        assertThat(login.key()).contains("key");
        assertThat(login.token().now()).isEmpty();
        assertThat(login.proxy())
                .hasValueSatisfying(proxy -> assertThat(proxy.getPort()).isEqualTo(3128));
        assertThat(config("token: abc", "").token().now()).isEqualTo("abc");
        assertThat(config("token: abc", ", insecure-skip-tls-verify: true").trustAnybody())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exec: {command: aws} | '' | context user u: exec (expected: token, tokenFile or a client certificate",
                "auth-provider: {name: gcp} | '' | user u: auth-provider (expected: token, tokenFile or a client certificate",
                "username: x, password: y | '' | user u: username (expected: token, tokenFile or a client certificate)",
                "as: jane | '' | user u: as (expected: to ask as the user itself)",
                "client-key-data: AAAA | '' | user u: client-key without client-certificate (expected: both or none)",
                "client-certificate: nowhere | '' | user u client-certificate: no file ",
                "token: abc | ', proxy-url: socks5://x:1' | cluster k proxy-url: ",
                "token: abc | ', tls-server-name: x' | cluster k: tls-server-name (expected: ",
                "token: abc | ', certificate-authority-data: \"???\"' | cluster k certificate-authority-data: not base64",
            })
    void whatCannotBeUsedIsRefusedByName(String user, String cluster, String message) {
        assertThatThrownBy(() -> config(user, cluster))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("kubeconfig ")
                .hasMessageContaining(message.replace("context user", "user"));
    }

    @Test
    void aTokenWithStrangeCharactersIsNotShown() {
        assertThatThrownBy(() -> config("token: 'a b\\u00e4'", ""))
                .hasMessage("token: characters that no token has (expected: a bearer token)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: [b' | is not YAML (expected: a kubeconfig)",
                "just words | is something else (expected: a kubeconfig)",
                "'{}' | no current-context (expected: the name of a context)",
                "'{current-context: x}' | no context 'x' in contexts",
                "'{current-context: x, contexts: [{name: x, context: {cluster: y}}]}' | no cluster 'y' in clusters",
                "'{current-context: x, contexts: [{name: x, context: {cluster: y}}], clusters: [{name: y}]}' | cluster y: no server (expected",
                "'{current-context: x, contexts: [{name: x, context: {cluster: y}}], clusters: [{name: y, cluster: {server: ftp://a}}]}' | server: 'ftp://a' (expected",
            })
    void aBrokenFileIsNamed(String content, String message) throws IOException {
        Path file = Files.writeString(root.resolve("config"), content);
        assertThatThrownBy(() -> Login.of(Fabric8.kubeconfig(file), time))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config")
                .hasMessageContaining(message);
    }

    @Test
    void aTokenIsReadOnceAMinuteAndKeptWhileItsFileIsAway() throws IOException {
        Path file = Files.writeString(root.resolve("token"), "t1");
        Token token = Token.in(file, time);
        assertThat(token.now()).isEqualTo("t1");
        Files.writeString(file, "t2");
        time.advance(Duration.ofSeconds(59));
        assertThat(token.now()).isEqualTo("t1");
        time.advance(Duration.ofSeconds(1));
        assertThat(token.now()).isEqualTo("t2");
        Files.delete(file);
        time.advance(Duration.ofMinutes(2));
        assertThat(token.now()).isEqualTo("t2");
        assertThat(token.isAnotherThan("t2")).isFalse();
        Files.writeString(file, "t3");
        assertThat(token.isAnotherThan("t2")).isTrue();
        assertThat(token.now()).isEqualTo("t3");
    }
}
