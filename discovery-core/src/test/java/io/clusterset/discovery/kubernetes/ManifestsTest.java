package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files for kubectl: an API server takes them, and they allow what is asked and what a refusal says. */
class ManifestsTest {

    private static final String CHECKOUT = "User \"system:serviceaccount:shop:checkout\" cannot list resource";

    private static List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(Manifest.FOLDER)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void anApiServerTakesThem(String file) throws IOException {
        for (Manifest manifest : Manifest.in(file)) {
            assertThat(manifest.trouble()).as(file).isEmpty();
        }
    }

    /** A checker that takes everything would be none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "role.yaml            | verbs:              | verb:           | verb",
                "role.yaml            | subjects:           | subject:        | subject",
                "cluster-role.yaml    | resourceNames:      | resourcesNames: | resourcesNames",
                "deployment.yaml      | fieldPath:          | fieldpath:      | fieldpath",
                "deployment.yaml      | serviceAccountName: | serviceAcount:  | serviceAcount",
                "deployment.yaml      | value: services     | value: false    | Boolean",
                "deployment.yaml      | replicas: 3         | replicas: many  | many",
                "service-export.yaml  | v1beta1             | v1beta2         | ServiceExport.apiVersion: multicluster.x-k8s.io/v1beta2",
                "service-export.yaml  | metadata:           | metdata:        | ServiceExport: no metadata",
                "service-import.yaml  | ClusterSetIP        | ClusterIP       | ServiceImport.spec.type: ClusterIP (expected: [ClusterSetIP, Headless])",
                "service-import.yaml  | port: 80            | port: http      | ServiceImport.spec.ports[0].port: http (expected: integer)",
                "service-import.yaml  | [203.0.113.10]      | [a, b, c]       | ServiceImport.spec.ips: 3 (expected: at most 2)",
                "service-import.yaml  | ips:                | ip:             | ServiceImport.spec.ip: no such field",
                "karmada-policy.yaml  | providerClusters:   | providers:      | MultiClusterService.spec.providers: no such field",
                "karmada-policy.yaml  | [CrossCluster]      | CrossCluster    | MultiClusterService.spec.types: CrossCluster (expected: array)",
                "karmada-policy.yaml  | clusterAffinity:    | affinity:       | PropagationPolicy.spec.placement.affinity: no such field",
            })
    void whatIsMisspeltIsSeen(String file, String right, String wrong, String trouble) throws IOException {
        String text = Files.readString(Manifest.FOLDER.resolve(file));
        assertThat(text).contains(right);

        List<String> seen = new ArrayList<>();
        for (Manifest manifest : Manifest.all(text.replace(right, wrong))) {
            manifest.trouble().ifPresent(seen::add);
        }
        assertThat(seen).isNotEmpty().allMatch(one -> one.contains(trouble));
    }

    @Test
    void theRoleIsTheOneThatARefusalSays() throws IOException {
        List<Manifest> said = said(new Turnstile.Place("endpointslices", "shop"));
        List<Manifest> file = Manifest.in("role.yaml");

        assertThat(file).hasSize(3);
        assertThat(file.get(1).as(Role.class)).isEqualTo(said.get(0).as(Role.class));
        assertThat(file.get(2).as(RoleBinding.class)).isEqualTo(said.get(1).as(RoleBinding.class));
        isWho(file.get(0));
    }

    @Test
    void theClusterRoleIsTheOneThatARefusalSays() throws IOException {
        List<Manifest> said = said(new Turnstile.Place("services", ""));
        List<Manifest> file = Manifest.in("cluster-role.yaml");

        assertThat(file).hasSize(5);
        assertThat(file.get(1).as(ClusterRole.class)).isEqualTo(said.get(0).as(ClusterRole.class));
        assertThat(file.get(2).as(ClusterRoleBinding.class))
                .isEqualTo(said.get(1).as(ClusterRoleBinding.class));
        isWho(file.get(0));
        ClusterRoleBinding place = file.get(4).as(ClusterRoleBinding.class);
        assertThat(place.getRoleRef().getName())
                .isEqualTo(file.get(3).as(ClusterRole.class).getMetadata().getName());
        assertThat(place.getSubjects())
                .isEqualTo(file.get(2).as(ClusterRoleBinding.class).getSubjects());
    }

    /** What is said is one document with a list, on one line. */
    private static List<Manifest> said(Turnstile.Place place) {
        Manifest list = Manifest.all(Refusals.role(place, CHECKOUT)).get(0);
        assertThat(list.kind()).isEqualTo("List");
        Object items = list.content().get("items");
        assertThat(items).isInstanceOf(List.class);
        return items instanceof List<?> all ? all.stream().map(Manifest::of).toList() : List.of();
    }

    private static void isWho(Manifest account) {
        ServiceAccount who = account.as(ServiceAccount.class);
        assertThat(who.getMetadata().getNamespace() + ":" + who.getMetadata().getName())
                .isEqualTo("shop:checkout");
    }

    @Test
    void allThatIsAskedIsAllowed(@TempDir Path root) throws IOException {
        List<PolicyRule> services =
                Manifest.in("role.yaml").get(1).as(Role.class).getRules();
        List<PolicyRule> cluster =
                Manifest.in("cluster-role.yaml").get(1).as(ClusterRole.class).getRules();
        List<PolicyRule> place =
                Manifest.in("cluster-role.yaml").get(3).as(ClusterRole.class).getRules();

        for (KubernetesOptions.Scope scope :
                List.of(KubernetesOptions.Scope.SERVICES, KubernetesOptions.Scope.CLUSTER)) {
            for (String group : List.of("multicluster.x-k8s.io", "net.gke.io")) {
                List<Asking> asked = asked(scope, group, root);
                assertThat(asked).hasSizeGreaterThan(8);
                List<PolicyRule> allowed = new ArrayList<>(place);
                allowed.addAll(scope == KubernetesOptions.Scope.SERVICES ? services : cluster);
                assertThat(asked).allMatch(one -> allowed.stream().anyMatch(one::allowedBy));
                assertThat(place).allMatch(rule -> asked.stream().anyMatch(one -> one.allowedBy(rule)));
            }
        }
    }

    /** All that the source asks of an API server that serves everything. */
    private static List<Asking> asked(KubernetesOptions.Scope scope, String group, Path root) throws IOException {
        Bench bench = new Bench();
        Path account = Files.createDirectories(root.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        Files.writeString(account.resolve("namespace"), "shop\n");
        bench.server.documents.put("/api/v1/namespaces/shop/pods/checkout-1", "{\"spec\":{\"nodeName\":\"node-3\"}}");
        bench.server.documents.put("/apis/" + group, "{\"versions\":[{\"version\":\"v1\"}]}");
        List<Event> events = new ArrayList<>();
        try (KubernetesSource source = new KubernetesSource(
                KubernetesOptions.builder().watch(scope).build(),
                new KubernetesAccess(root, Map.of("HOSTNAME", "checkout-1")),
                () -> bench.server,
                "cluster.local",
                "clusterset.local",
                () -> "",
                () -> "shop",
                80,
                address -> false,
                Runnable::run,
                bench.clockwork,
                events::add)) {
            for (String domain : List.of("cluster.local", "clusterset.local")) {
                source.watch(
                        new Question("tier", "orders.shop.svc." + domain, domain, Optional.empty()), resolution -> {});
            }
            source.ownLocality();
            source.serviceNames();
            assertThat(bench.server.open()).hasSize(scope == KubernetesOptions.Scope.SERVICES ? 5 : 3);
        }
        assertThat(events).isEmpty();
        return bench.server.requests.stream()
                .map(Asking::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /** A request, as leave is given for it. */
    private record Asking(String group, String resource, String verb, String name) {

        private static final Pattern PATH = Pattern.compile("/(?:api|apis/([a-z0-9.-]+))/v[a-z0-9]+"
                + "(?:/namespaces/[a-z-]+)?/([a-z]+)(?:/([a-z0-9.-]+))?(?:\\?(.*))?");

        /** Empty for which versions a group has: everybody may ask that. */
        static Optional<Asking> of(String path) {
            if (path.matches("/apis/[a-z0-9.-]+")) {
                return Optional.empty();
            }
            Matcher parts = PATH.matcher(path);
            assertThat(parts.matches()).as(path).isTrue();
            String name = Optional.ofNullable(parts.group(3)).orElse("");
            boolean watch = path.contains("watch=1");
            return Optional.of(new Asking(
                    Optional.ofNullable(parts.group(1)).orElse(""),
                    parts.group(2),
                    watch ? "watch" : name.isEmpty() ? "list" : "get",
                    name));
        }

        boolean allowedBy(PolicyRule rule) {
            return rule.getApiGroups().contains(group)
                    && rule.getResources().contains(resource)
                    && rule.getVerbs().contains(verb)
                    && (rule.getResourceNames().isEmpty()
                            || rule.getResourceNames().contains(name));
        }
    }

    @Test
    void theDeploymentSaysWhatTheLibraryReads() throws IOException {
        Deployment deployment = Manifest.in("deployment.yaml").get(0).as(Deployment.class);
        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().get(0);

        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
        assertThat(pod.getServiceAccountName()).isEqualTo("checkout");
        assertThat(container.getVolumeMounts().get(0).getName())
                .isEqualTo(pod.getVolumes().get(0).getName());
        assertThat(container.getVolumeMounts().get(0).getMountPath()
                        + "/"
                        + pod.getVolumes()
                                .get(0)
                                .getDownwardAPI()
                                .getItems()
                                .get(0)
                                .getPath())
                .isEqualTo("/etc/podinfo/labels");
        assertThat(container.getReadinessProbe().getHttpGet().getPort().getStrVal())
                .isEqualTo(container.getPorts().get(0).getName());
        assertThat(container.getEnv().stream().map(EnvVar::getName))
                .containsExactly(Setting.KUBERNETES_WATCH.variable(), Setting.TOPOLOGY_NODE.variable());
        Settings settings = Settings.none()
                .withEnvironment(Map.of(
                        container.getEnv().get(0).getName(),
                        container.getEnv().get(0).getValue()));
        assertThat(settings.read(Setting.KUBERNETES_WATCH, KubernetesOptions.Scope::parse))
                .contains(KubernetesOptions.Scope.SERVICES);
    }

    @Test
    void karmadasTiersAreAsTheCommentSays() throws IOException {
        String comment = Files.readAllLines(Manifest.FOLDER.resolve("karmada-policy.yaml")).stream()
                .dropWhile(line -> !line.contains("discovery.tiers="))
                .takeWhile(line -> line.contains("@"))
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n"));
        Properties read = new Properties();
        read.load(new StringReader(comment));
        List<Tier> tiers = Settings.parseList(read.getProperty("discovery.tiers", ""), ';', Tier::parse);
        ServiceName orders = new Naming(tiers, Optional.empty()).plain("orders.shop");

        assertThat(tiers.stream()
                        .map(tier -> tier.question(orders).orElseThrow())
                        .map(question -> Topic.of(question, "cluster.local", "clusterset.local")
                                .orElseThrow()))
                .containsExactly(new Topic("orders", "shop", false), new Topic("derived-orders", "shop", false));
    }
}
