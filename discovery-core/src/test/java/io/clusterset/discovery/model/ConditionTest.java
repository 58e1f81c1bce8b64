package io.clusterset.discovery.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    private static Optional<Boolean> said(String text) {
        return text.equals("-") ? Optional.empty() : Optional.of(Boolean.valueOf(text));
    }

    /** Ready, serving, terminating; a dash for what the slice does not say. */
    @ParameterizedTest
    @CsvSource({
        "-, -, -, READY",
        "true, true, false, READY",
        "true, -, -, READY",
        "-, -, true, READY",
        "true, true, true, READY", // publishNotReadyAddresses
        "true, false, true, READY",
        "false, false, false, NOT_READY",
        "false, -, -, NOT_READY",
        "false, true, false, NOT_READY",
        "false, true, true, SERVING_TERMINATING",
        "false, false, true, TERMINATING",
    })
    void threeConditionsComeToOne(String ready, String serving, String terminating, Condition condition) {
        assertThat(Condition.of(said(ready), said(serving), said(terminating))).isEqualTo(condition);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', ANY",
        "Cluster, '', ANY",
        "Cluster, PreferClose, PREFER_SAME_ZONE",
        "'', PreferSameZone, PREFER_SAME_ZONE",
        "'', PreferSameNode, PREFER_SAME_NODE",
        "'', PreferTheMoon, ANY",
        "Local, '', NODE_LOCAL",
        "Local, PreferSameZone, NODE_LOCAL",
    })
    void twoFieldsComeToOneWish(String internalTrafficPolicy, String trafficDistribution, Traffic traffic) {
        assertThat(Traffic.of(internalTrafficPolicy, trafficDistribution)).isEqualTo(traffic);
    }
}
