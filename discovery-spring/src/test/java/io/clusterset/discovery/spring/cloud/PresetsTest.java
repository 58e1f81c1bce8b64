package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class PresetsTest {

    @Test
    void theEnvironmentIsAskedOnceForEachService() {
        AtomicInteger asked = new AtomicInteger();
        Presets presets = new Presets(new MockEnvironment() {
            @Override
            public boolean containsProperty(String key) {
                asked.incrementAndGet();
                return super.containsProperty(key);
            }
        });
        for (int i = 0; i < 3; i++) {
            presets.tell("orders.shop");
        }
        assertThat(asked).hasValue(2);
        presets.tell("stock.shop");
        assertThat(asked).hasValue(4);
    }
}
