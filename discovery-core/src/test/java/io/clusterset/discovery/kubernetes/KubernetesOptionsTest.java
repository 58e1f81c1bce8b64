package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KubernetesOptionsTest {

    @Test
    void theyAreEqualIfAllOfThemIs() {
        KubernetesOptions options = KubernetesOptions.builder()
                .kubeconfig(Path.of("a"))
                .watch(KubernetesOptions.Scope.CLUSTER)
                .build();

        assertThat(options.toBuilder().build()).isEqualTo(options).hasSameHashCodeAs(options);
        assertThat(options.toBuilder().kubeconfig(Path.of("b")).build()).isNotEqualTo(options);
        assertThat(options.toBuilder().watch(KubernetesOptions.Scope.SERVICES).build())
                .isNotEqualTo(options);
        assertThat(KubernetesOptions.defaults())
                .isEqualTo(KubernetesOptions.builder().build());
        assertThat(KubernetesOptions.defaults().kubeconfig()).isEmpty();
        assertThat(KubernetesOptions.defaults().watch()).isEqualTo(KubernetesOptions.Scope.OFF);
        assertThat(options).hasToString("watch cluster, kubeconfig a");
    }

    @Test
    void versionsAreComparedAsNumbersWhereTheyAre() {
        assertThat(Versions.newer("100", "99")).isTrue();
        assertThat(Versions.newer("99", "100")).isFalse();
        assertThat(Versions.newer("100", "100")).isFalse();
        assertThat(Versions.newer("0100", "100")).isFalse();
        assertThat(Versions.newer("99999999999999999999999", "99999999999999999999998"))
                .isTrue();
        assertThat(Versions.newer("b", "c")).isTrue();
        assertThat(Versions.newer("b", "b")).isFalse();
    }

    @Test
    void accessShowsNoVariables() {
        assertThat(new KubernetesAccess(Path.of("r"), Map.of("SECRET", "x"))).hasToString("KubernetesAccess[r]");
    }
}
