package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a question should come to. Immutable.
 *
 * @param word the outcome
 * @param endpoints as {@code 10.0.0.1:80}, with {@code @cluster} behind if the cluster is known
 * @param fresh seconds
 * @param partial whether more endpoints may exist
 * @param detail what the evidence must say, in any letter case
 * @param rcode what the evidence must name
 */
record Expected(String word, List<String> endpoints, OptionalLong fresh, boolean partial, String detail, String rcode) {

    static Expected found(String... endpoints) {
        return found(List.of(endpoints));
    }

    static Expected found(List<String> endpoints) {
        return new Expected("found", endpoints, OptionalLong.empty(), false, "", "NOERROR");
    }

    static Expected empty() {
        return new Expected("empty", List.of(), OptionalLong.empty(), false, "", "NOERROR");
    }

    static Expected noSuchName() {
        return new Expected("no-such-name", List.of(), OptionalLong.empty(), false, "", "NXDOMAIN");
    }

    static Expected unknown(String rcode) {
        return new Expected("unknown", List.of(), OptionalLong.empty(), false, "", rcode);
    }

    Expected freshFor(long seconds) {
        return new Expected(word, endpoints, OptionalLong.of(seconds), partial, detail, rcode);
    }

    Expected withMoreToCome() {
        return new Expected(word, endpoints, fresh, true, detail, rcode);
    }

    Expected saying(String words) {
        return new Expected(word, endpoints, fresh, partial, words, rcode);
    }

    /** Fails with the name of what was asked first. */
    void check(Object who, Resolution resolution) {
        assertThat(resolution.word()).as("%s: outcome of %s", who, resolution).isEqualTo(word);
        assertThat(resolution.endpoints().stream().map(Expected::shown))
                .as("%s: endpoints", who)
                .containsExactlyInAnyOrderElementsOf(endpoints);
        assertThat(resolution.evidence().rcode()).as("%s: rcode", who).isEqualTo(rcode);
        assertThat(resolution.evidence().detail()).as("%s: detail", who).containsIgnoringCase(detail);
        fresh.ifPresent(seconds ->
                assertThat(resolution.freshFor()).as("%s: fresh for", who).isEqualTo(Duration.ofSeconds(seconds)));
        if (resolution instanceof Resolution.Found found) {
            assertThat(found.complete()).as("%s: complete", who).isEqualTo(!partial);
            assertThat(found.endpoints())
                    .as("%s: an SRV weight carries no load", who)
                    .allMatch(endpoint -> endpoint.weight() == 1);
        }
    }

    private static String shown(Endpoint endpoint) {
        return endpoint.cluster().isEmpty() ? endpoint.authority() : endpoint.authority() + "@" + endpoint.cluster();
    }
}
