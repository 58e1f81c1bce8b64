package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final History.Switch AWAY = new History.Switch(7_512_000_000L, "local", "clusterset", "");
    private static final History.Switch BACK = new History.Switch(20_000_000_000L, "clusterset", "local", "");
    private static final CallLog.Entry LOCAL = new CallLog.Entry(0, 500_000, 1, "local", "");
    private static final CallLog.Entry MOVED = new CallLog.Entry(5_000_000, 7_345_678, 2, "clusterset", "");
    private static final CallLog.Entry FAILED = new CallLog.Entry(0, 1, 3, "", "java.io.IOException: status 503");

    @Test
    void jsonHasTheFieldsOfDiscoveryCall() {
        assertThat(new Report(List.of(LOCAL, MOVED), List.of(AWAY, BACK)).json())
                .isEqualTo("{\"calls\":2,\"failures\":0,\"attempts\":3,\"tiers\":{\"local\":1,\"clusterset\":1},"
                        + "\"latencyMillis\":{\"p50\":0.5,\"p99\":2.35,\"max\":2.35},"
                        + "\"switches\":[{\"atMillis\":7512,\"from\":\"local\",\"to\":\"clusterset\"},"
                        + "{\"atMillis\":20000,\"from\":\"clusterset\",\"to\":\"local\"}]}");
    }

    @Test
    void nothingIsMissingWhenNoCallFailedAndTrafficCameBack() {
        assertThat(new Report(List.of(LOCAL, MOVED), List.of(AWAY, BACK)).missing())
                .isEmpty();
    }

    @Test
    void aFailedCallIsMissedWithItsReason() {
        assertThat(new Report(List.of(LOCAL, MOVED, FAILED), List.of(AWAY, BACK)).missing())
                .containsExactly("1 of 3 calls failed (expected: none); the first: java.io.IOException: status 503");
    }

    @Test
    void aReturnThatDidNotComeIsMissed() {
        assertThat(new Report(List.of(LOCAL, MOVED), List.of(AWAY)).missing())
                .containsExactly("switches: local -> clusterset (expected: local -> clusterset, clusterset -> local)");
    }

    @Test
    void nothingAtAllIsMissedInEveryWay() {
        assertThat(new Report(List.of(), List.of()).missing())
                .containsExactly(
                        "switches: none (expected: local -> clusterset, clusterset -> local)",
                        "no call was served by local",
                        "no call was served by clusterset");
    }
}
