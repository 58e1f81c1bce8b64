package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.scenario.World;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What only the Kubernetes API says of endpoints is in the explanation. */
class HintedEndpointsTest {

    @Test
    void hintsAndConditionsAreTold() {
        try (World world = new World()) {
            world.local.says(listed(
                    Endpoint.parse("10.0.0.1:80")
                            .withLocality(new Locality("", "a", "n1"))
                            .withHints(new Hints(Set.of("b", "a"), Set.of())),
                    Endpoint.parse("10.0.0.2:80").withHints(new Hints(Set.of(), Set.of("n2")))));
            world.clusterset.says(listed(
                    Endpoint.parse("10.1.0.1:80").withCluster("west").withCondition(Condition.SERVING_TERMINATING)));
            assertThat(world.call(world.orders())).isEqualTo("local");
            assertThat(world.orders().explain().toString())
                    .contains("10.0.0.1:80", "zone a, node n1, hinted for zone a and b")
                    .contains("hinted for node n2")
                    .contains("cluster west, terminating")
                    .as("it is known whose the lone one is")
                    .doesNotContain("single address");
        }
    }

    private static Resolution listed(Endpoint... endpoints) {
        return new Resolution.Found(List.of(endpoints), Duration.ofSeconds(5), Evidence.NONE);
    }
}
