package io.clusterset.discovery.observe;

import static io.clusterset.discovery.observe.Figures.Trouble.AWAY;
import static io.clusterset.discovery.observe.Figures.Trouble.CALLS_ARE_SHED;
import static io.clusterset.discovery.observe.Figures.Trouble.ENDPOINTS_FAIL;
import static io.clusterset.discovery.observe.Figures.Trouble.NOBODY_SERVES;
import static io.clusterset.discovery.observe.Figures.Trouble.NONE;
import static io.clusterset.discovery.observe.Figures.Trouble.SOURCE_IS_SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ails a service is told by its figures, the worst if it is several things. */
class TroubleTest {

    private static final Duration NEVER = Duration.ZERO;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Figures.OfService service(int shed, Duration away, Figures.OfTier... tiers) {
        return new Figures.OfService("orders.shop", List.of(tiers), shed, 0, away, 0, 0, 0, 10);
    }

    private static Figures.OfTier tier(String name, int load, int ejected, Duration stale) {
        return new Figures.OfTier(
                name, true, load, false, 3, 3 - ejected, ejected, stale, Figures.Attempts.NONE, List.of());
    }

    private static Figures.OfTier local(int load) {
        return tier("local", load, 0, NEVER);
    }

    private static Figures.OfTier remote(int load) {
        return tier("clusterset", load, 0, NEVER);
    }

    @Test
    void theWorstIsTold() {
        Figures.OfTier all = tier("local", 0, 1, MINUTE);
        assertThat(service(20, MINUTE, all, remote(0)).trouble()).isEqualTo(NOBODY_SERVES);
        assertThat(service(20, MINUTE, all, remote(80)).trouble()).isEqualTo(CALLS_ARE_SHED);
        assertThat(service(0, MINUTE, all, remote(100)).trouble()).isEqualTo(AWAY);
        assertThat(service(0, NEVER, tier("local", 100, 1, MINUTE), remote(0)).trouble())
                .isEqualTo(ENDPOINTS_FAIL);
        assertThat(service(0, NEVER, tier("local", 100, 0, MINUTE), remote(0)).trouble())
                .isEqualTo(SOURCE_IS_SILENT);
        assertThat(service(0, MINUTE, local(75), remote(25)).trouble()).isEqualTo(NONE);
    }

    @Test
    void oneThatNeverLivedAtHomeIsNotAway() {
        assertThat(service(0, NEVER, local(0), remote(100)).isAway()).isFalse();
        assertThat(service(0, MINUTE, local(0), remote(100)).isAway()).isTrue();
        assertThat(service(0, MINUTE, local(50), remote(50)).isAway())
                .as("the first of equals serves")
                .isFalse();
    }

    @Test
    void tiersThatHaveCountsOnlyServeNobody() {
        Figures.OfService rests = service(
                0,
                MINUTE,
                new Figures.OfTier("local", false, 0, false, 0, 0, 0, NEVER, Figures.Attempts.NONE, List.of()));
        assertThat(rests.inForce()).isEmpty();
        assertThat(rests.serving()).isEmpty();
        assertThat(rests.trouble()).isEqualTo(NONE);
    }
}
