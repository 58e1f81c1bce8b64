package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
 * @param outside what the name is an alias of, outside the zone; else empty
 */
record Expected(
        String word,
        List<String> endpoints,
        OptionalLong fresh,
        boolean partial,
        String detail,
        String rcode,
        String outside) {

    private Expected(String word, List<String> endpoints, String rcode) {
        this(word, endpoints, OptionalLong.empty(), false, "", rcode, "");
    }

    static Expected found(String... endpoints) {
        return found(List.of(endpoints));
    }

    static Expected found(List<String> endpoints) {
        return new Expected("found", endpoints, "NOERROR");
    }

    static Expected empty() {
        return new Expected("empty", List.of(), "NOERROR");
    }

    static Expected noSuchName() {
        return new Expected("no-such-name", List.of(), "NXDOMAIN");
    }

    static Expected unknown(String rcode) {
        return new Expected("unknown", List.of(), rcode);
    }

    Expected freshFor(long seconds) {
        return new Expected(word, endpoints, OptionalLong.of(seconds), partial, detail, rcode, outside);
    }

    Expected withMoreToCome() {
        return new Expected(word, endpoints, fresh, true, detail, rcode, outside);
    }

    Expected saying(String words) {
        return new Expected(word, endpoints, fresh, partial, words, rcode, outside);
    }

    /** Which the evidence must say, too. */
    Expected aliasOf(String target) {
        return new Expected(word, endpoints, fresh, partial, target, rcode, target);
    }

    /** Fails with the name of what was asked first. */
    void check(Object who, Resolution resolution) {
        assertThat(resolution.word()).as("%s: outcome of %s", who, resolution).isEqualTo(word);
        assertThat(resolution.endpoints().stream().map(Expected::shown))
                .as("%s: endpoints", who)
                .containsExactlyInAnyOrderElementsOf(endpoints);
        assertThat(resolution.evidence().rcode()).as("%s: rcode", who).isEqualTo(rcode);
        assertThat(resolution.evidence().detail()).as("%s: detail", who).containsIgnoringCase(detail);
        assertThat(resolution instanceof Resolution.Empty none ? none.outside() : Optional.empty())
                .as("%s: alias of", who)
                .isEqualTo(Optional.of(outside).filter(target -> !target.isEmpty()));
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
