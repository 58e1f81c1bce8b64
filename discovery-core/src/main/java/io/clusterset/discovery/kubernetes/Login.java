package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the API server is, whom to trust, and who asks. Certificates and keys are PEM; never shown.
 *
 * @param server such as {@code https://10.96.0.1:443}
 * @param authority whom to trust; empty for those the JVM trusts
 * @param trustAnybody as a kubeconfig may say, for a laptop
 * @param certificate who asks; empty if the token says it
 * @param key of the certificate
 * @param proxy in between; empty for none, whatever the JVM's settings say
 */
record Login(
        URI server,
        Optional<String> authority,
        boolean trustAnybody,
        Optional<String> certificate,
        Optional<String> key,
        Token token,
        Optional<InetSocketAddress> proxy) {

    private static final int LONGEST = 1024 * 1024;

    /**
     * What a pod is given. Nothing else is looked at: a kubeconfig that lies about in an image is not meant.
     *
     * @throws IOException if this is no pod, or its service account is not mounted; the text says what was expected
     */
    static Login inPod(KubernetesAccess access, Ticker ticker) throws IOException {
        String host = access.variable("KUBERNETES_SERVICE_HOST");
        String port = access.variable("KUBERNETES_SERVICE_PORT");
        if (host.isEmpty()) {
            throw new IOException("no API server known: KUBERNETES_SERVICE_HOST is not set "
                    + "(expected: to run in a pod, or discovery.kubernetes.kubeconfig)");
        }
        String literal = host.contains(":") ? "[" + host + "]" : host;
        URI server =
                uri("https://" + literal + ":" + (port.isEmpty() ? "443" : port), "KUBERNETES_SERVICE_HOST and _PORT");
        String authority = file(access.account("ca.crt"), "the service account's ca.crt");
        Token token = Token.in(access.account("token"), ticker);
        token.now(); // to say now what is missing
        return new Login(
                server, Optional.of(authority), false, Optional.empty(), Optional.empty(), token, Optional.empty());
    }

    /**
     * What a kubeconfig says of its current context.
     *
     * @throws IOException if it is not complete, or wants a plug-in to be run
     */
    static Login of(Kubeconfig config, Ticker ticker) throws IOException {
        Kubeconfig.Entry context = config.context();
        Kubeconfig.Entry cluster = config.entry("clusters", "cluster", context.text("cluster"));
        String userName = context.text("user");
        Kubeconfig.Entry user = userName.isEmpty() ? config.nobody() : config.entry("users", "user", userName);
        cluster.refuse("tls-server-name", "an API server that is reached under the name in its certificate");
        for (String plugIn : new String[] {"exec", "auth-provider"}) {
            user.refuse(
                    plugIn, "token, tokenFile or a client certificate: plug-ins that fetch credentials are not run");
        }
        user.refuse("username", "token, tokenFile or a client certificate");
        user.refuse("as", "to ask as the user itself");
        String address = cluster.text("server");
        if (address.isEmpty()) {
            throw new IOException(cluster + ": no server (expected: such as https://10.0.0.1:6443)");
        }
        Optional<String> certificate = user.pem("client-certificate");
        Optional<String> key = user.pem("client-key");
        if (certificate.isPresent() != key.isPresent()) {
            throw new IOException(user + ": "
                    + (key.isPresent()
                            ? "client-key without client-certificate"
                            : "client-certificate without client-key")
                    + " (expected: both or none)");
        }
        return new Login(
                uri(address, cluster + " server"),
                cluster.pem("certificate-authority"),
                cluster.text("insecure-skip-tls-verify").equals("true"),
                certificate,
                key,
                token(user, ticker),
                proxy(cluster));
    }

    private static Token token(Kubeconfig.Entry user, Ticker ticker) throws IOException {
        String text = user.text("token");
        String file = user.text("tokenFile");
        if (!file.isEmpty()) { // as kubectl has it, it goes before the token
            Token token = Token.in(user.path(file), ticker);
            token.now();
            return token;
        }
        return text.isEmpty() ? Token.none(ticker) : Token.of(text, ticker);
    }

    private static Optional<InetSocketAddress> proxy(Kubeconfig.Entry cluster) throws IOException {
        String text = cluster.text("proxy-url");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        URI proxy = uri(text, cluster + " proxy-url");
        if (!"http".equals(proxy.getScheme()) || proxy.getPort() < 0 || proxy.getUserInfo() != null) {
            throw new IOException(cluster + " proxy-url: of another kind (expected: http://HOST:PORT)");
        }
        return Optional.of(new InetSocketAddress(proxy.getHost(), proxy.getPort()));
    }

    private static URI uri(String text, String what) throws IOException {
        String expected = " (expected: http or https, a host, no path of a proxy)";
        try {
            URI uri = new URI(text.strip());
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((!scheme.equals("https") && !scheme.equals("http")) || uri.getHost() == null) {
                throw new IOException(what + ": " + Text.quote(text) + expected);
            }
            return uri;
        } catch (URISyntaxException malformed) {
            throw new IOException(what + ": " + Text.quote(text) + expected, malformed);
        }
    }

    /** The text of a small file. */
    static String file(Path file, String what) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(what + ": no file " + Text.path(file) + " that can be read");
        }
        if (Files.size(file) > LONGEST) {
            throw new IOException(what + ": " + Text.path(file) + " has " + Files.size(file)
                    + " bytes (expected: at most " + LONGEST + ")");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** PEM from base64. */
    static String decoded(String base64, String what) throws IOException {
        try {
            return new String(Base64.getDecoder().decode(base64.replaceAll("\\s", "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException secret) {
            throw new IOException(what + ": not base64");
        }
    }

    /** {@code 10.96.0.1:443}. */
    String authorityOfServer() {
        int port = server.getPort();
        return server.getHost() + ":" + (port >= 0 ? port : server.getScheme().equals("http") ? 80 : 443);
    }

    @Override
    public String toString() {
        return "Login[" + server + "]";
    }
}
