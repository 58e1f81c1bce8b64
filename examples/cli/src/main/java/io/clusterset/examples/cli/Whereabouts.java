package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Where one is, and whom to ask there: the options that all commands have, the doctor too. */
final class Whereabouts {

    private static final String DURATION = "a duration such as 500ms, 5s or 2m";

    @Option(
            names = "--dns",
            paramLabel = "IP[:PORT]",
            description = {
                "Nameserver to ask, at port 53 unless said; may be",
                "repeated. Default: those of resolv.conf."
            })
    private List<String> dns = new ArrayList<>();

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "Namespace of a name without one. Default: the pod's.")
    private Optional<String> namespace = Optional.empty();

    @Option(
            names = "--cluster-domain",
            paramLabel = "DOMAIN",
            description = {"Domain of the local tier.", "Default: found in resolv.conf, else cluster.local."})
    private Optional<String> clusterDomain = Optional.empty();

    @Option(
            names = "--clusterset-domain",
            paramLabel = "DOMAIN",
            description = {"Domain of the clusterset tier.", "Default: clusterset.local."})
    private Optional<String> clustersetDomain = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = {
                "Properties file with settings (discovery.*).",
                "Variables (CLUSTERSET_*) and options go before it."
            })
    private Optional<String> config = Optional.empty();

    /** Tells the builder. */
    void describeTo(Discovery.Builder builder) {
        namespace.ifPresent(builder::namespace);
        clusterDomain.ifPresent(builder::clusterDomain);
        clustersetDomain.ifPresent(builder::clustersetDomain);
    }

    /** Whom to ask; empty for those of resolv.conf. */
    List<InetSocketAddress> nameservers() {
        return dns.stream()
                .map(text -> Options.read("--dns", text, "IP[:PORT]", Addresses::nameserver))
                .toList();
    }

    /** The file stands behind variables and system properties, as it does in an application. */
    Supplier<Settings> settings() {
        return config.map(Whereabouts::readable).map(Settings::process).orElseGet(Settings::process);
    }

    private static Path readable(String text) {
        Path file = Options.read("--config", text, "a file's path", Settings::parsePath);
        try {
            Settings.none().withFile(file);
        } catch (IllegalArgumentException refused) {
            throw new BadUsage("--config: " + refused.getMessage(), refused);
        }
        return file;
    }

    /** Reads where to listen; nobody is asked what a name means but that one. */
    static InetSocketAddress listening(String option, String text) {
        return Options.read(option, text, "HOST:PORT, such as 127.0.0.1:8421 or [::1]:0", value -> {
            int colon = value.lastIndexOf(':');
            String host = value.substring(0, Math.max(0, colon));
            boolean v6 = host.startsWith("[") && host.endsWith("]");
            InetAddress address = host.equals("localhost")
                    ? InetAddress.getLoopbackAddress()
                    : Addresses.literal(v6 ? host.substring(1, host.length() - 1) : host);
            return new InetSocketAddress(address, Integer.parseInt(value.substring(colon + 1)));
        });
    }

    /** Reads an option's time. */
    static Duration duration(String option, String text) {
        return Options.read(option, text, DURATION, Settings::parseDuration);
    }

    /** Reads an option's time, which is more than none. */
    static Duration time(String option, String text) {
        Duration time = duration(option, text);
        if (time.isZero() || time.isNegative()) {
            throw new BadUsage(option + ": '" + text + "' (expected: more than 0)");
        }
        return time;
    }
}
