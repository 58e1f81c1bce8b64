package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.kubernetes.KubernetesOptions.Scope;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who wants only DNS need not have fabric8's client, and who wants the API and lacks it is told so and served by DNS. */
final class WithoutFabric8Test {

    private static final String MISSING = "the Kubernetes client is not on the class path "
            + "(expected: io.fabric8:kubernetes-client and io.fabric8:kubernetes-httpclient-jdk)";

    /** The class path of this test, less fabric8 and what it brings; it shares nothing with this test's own but the JDK. */
    private final URLClassLoader without = new URLClassLoader(
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> !entry.contains("fabric8") && !entry.contains("jackson"))
                    .map(WithoutFabric8Test::url)
                    .toArray(URL[]::new),
            ClassLoader.getPlatformClassLoader());

    private final FakeDnsServer dns = FakeDnsServer.start();

    @AfterEach
    void close() throws IOException {
        without.close();
        dns.close();
    }

    private List<String> run(String kubeconfig) throws ReflectiveOperationException {
        dns.serving("cluster.local", "clusterset.local");
        dns.service(Cluster.LOCAL, "10.96.0.9");
        @SuppressWarnings("unchecked")
        var application = (BiFunction<InetSocketAddress, String, List<String>>)
                without.loadClass(Application.class.getName()).getConstructor().newInstance();
        assertThat(application.getClass()).isNotSameAs(Application.class);
        return application.apply(dns.address(), kubeconfig);
    }

    @Test
    void fabric8IsHidden() {
        for (String name :
                List.of("io.fabric8.kubernetes.client.http.HttpClient", "com.fasterxml.jackson.core.JsonFactory")) {
            assertThatThrownBy(() -> without.loadClass(name)).isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void dnsServesAndTheLibrariesAreNamedOnce(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("kubeconfig"), "{}");
        List<String> told = run(file.toString());
        assertThat(told.get(0)).isEqualTo("10.96.0.9:80");
        assertThat(told.get(1)).contains(MISSING);
        assertThat(told.stream().skip(2).filter(event -> event.contains("local found")))
                .hasSizeBetween(1, 2); // by DNS, and with what is missing: not with each attempt
        assertThat(told).noneMatch(event -> event.contains("internal: "));
    }

    @Test
    void whoWatchesNothingMissesNothing() throws Exception {
        List<String> told = run("");
        assertThat(told.get(0)).isEqualTo("10.96.0.9:80");
        assertThat(told).noneMatch(event -> event.contains("Kubernetes client") || event.contains("fabric8"));
    }

    /** Runs among the classes there are: endpoints, explanation and events. */
    public static final class Application implements BiFunction<InetSocketAddress, String, List<String>> {

        /** For the other class loader. */
        public Application() {}

        @Override
        public List<String> apply(InetSocketAddress nameserver, String kubeconfig) {
            Queue<Event> events = new ConcurrentLinkedQueue<>();
            try (Discovery discovery = Discovery.builder()
                    .settings(Settings.none())
                    .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                    .kubernetes(k ->
                            kubeconfig.isEmpty() ? k : k.watch(Scope.SERVICES).kubeconfig(Path.of(kubeconfig)))
                    .dns(d -> d.nameservers(List.of(nameserver)).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                    .listener(events::add)
                    .build()) {
                Service orders = discovery.service("orders.shop");
                List<String> all = new ArrayList<>();
                String why = orders.examine(false)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .toString();
                orders.endpoints().stream().map(Endpoint::authority).forEach(all::add);
                all.add(why);
                events.forEach(event -> all.add(event.toString()));
                return all;
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
