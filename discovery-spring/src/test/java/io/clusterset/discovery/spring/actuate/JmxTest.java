package io.clusterset.discovery.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;

/** The endpoint where there is no HTTP: the same documents, without a status. */
class JmxTest {

    @Test
    void theEndpointWorksOverJmx() throws Exception {
        try (Shop shop = new Shop();
                Application app = Application.run(
                        WebApplicationType.NONE,
                        shop.discovery,
                        "spring.jmx.enabled=true",
                        "spring.jmx.default-domain=shop",
                        "management.endpoints.jmx.exposure.include=discovery")) {
            assertThat(app.context.isActive()).isTrue();
            shop.call();
            assertThat(invoke("services").toString()).contains(shop.orders());
            assertThat(invoke("explain", shop.orders(), null)).asString().contains("load={local=100, clusterset=0}");
            assertThat(invoke("explain", "or_ders.shop", null)).asString().contains("error=", "expected");
            assertThat(invoke("drill", "local", "0", "1m")).asString().contains(DiscoveryEndpointProperties.DRILL);
            assertThat(invoke("endDrill", "")).asString().contains(DiscoveryEndpointProperties.DRILL);
        }
    }

    private static Map<?, ?> invoke(String operation, @Nullable Object... arguments) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("shop:type=Endpoint,name=Discovery");
        String[] signature = new String[arguments.length];
        Arrays.fill(signature, String.class.getName());
        return (Map<?, ?>) server.invoke(name, operation, arguments, signature);
    }
}
