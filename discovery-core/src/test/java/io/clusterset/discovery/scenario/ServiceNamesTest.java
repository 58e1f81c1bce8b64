package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The services there are: in use, or spoken of. */
class ServiceNamesTest {

    private static final Duration A_REST = Duration.ofMinutes(25);

    private final Map<String, String> file = new HashMap<>();

    private World world() {
        Supplier<Settings> settings = () -> Settings.none().withProperties(file, "a.properties");
        return new World(builder -> builder.settings(settings));
    }

    @Test
    void whatNobodyAskedForAndNobodyConfiguredIsNotKnown() {
        try (World world = world()) {
            assertThat(world.discovery.serviceNames()).isEmpty();
            assertThat(world.local.asked).isZero();
        }
    }

    @Test
    void thoseInUseWithoutPortOnceAndSorted() {
        try (World world = world()) {
            world.discovery.service("orders.shop:8080");
            world.discovery.service("orders.shop:http");
            world.discovery.service("Orders");
            world.discovery.service("carts.shop");
            world.discovery.service("_http._tcp.payments.billing");
            world.discovery.authority("baskets", 443, 443);
            world.discovery.authority("api.github.com", 443, 443);
            assertThat(world.discovery.serviceNames())
                    .containsExactly("baskets.shop", "carts.shop", "orders.shop", "payments.billing");
        }
    }

    @Test
    void thoseThatTheSettingsOrTheBuilderNameThoughNobodyAsked() {
        file.put("discovery.services[orders.shop].port", "http");
        file.put("discovery.services[carts].balancer", "random");
        Supplier<Settings> settings = () -> Settings.none().withProperties(file, "a.properties");
        try (World world = new World(builder -> builder.settings(settings)
                .service("payments.billing", options -> options)
                .service("orders.shop", options -> options))) {
            assertThat(world.discovery.serviceNames()).containsExactly("carts.shop", "orders.shop", "payments.billing");
            assertThat(world.local.asked).as("and nobody asks now").isZero();
            world.discovery.service("orders.shop:9000");
            world.discovery.service("baskets");
            assertThat(world.discovery.serviceNames())
                    .containsExactly("baskets.shop", "carts.shop", "orders.shop", "payments.billing");
        }
    }

    @Test
    void thoseThatHoldNow() {
        try (World world = world()) {
            file.put("discovery.services[orders.shop].balancer", "random");
            world.pass(500);
            assertThat(world.discovery.serviceNames()).containsExactly("orders.shop");
            file.clear();
            world.pass(500);
            assertThat(world.discovery.serviceNames()).isEmpty();
        }
    }

    @Test
    void whoRestsIsNotInUse() {
        try (World world = world()) {
            world.local.says(World.found("10.0.0.1:80"));
            world.clusterset.says(World.noSuchName());
            world.call(world.orders());
            assertThat(world.discovery.serviceNames()).containsExactly("orders.shop");
            world.time.advance(A_REST);
            assertThat(world.discovery.serviceNames()).isEmpty();
        }
    }

    @Test
    void aSelectionIsNoServiceOfItsOwn() {
        try (World world = world()) {
            world.orders().selecting("canary", endpoint -> true);
            assertThat(world.discovery.serviceNames()).containsExactly("orders.shop");
        }
    }

    @Test
    void whatWasHandedOutDoesNotChange() {
        try (World world = world()) {
            world.orders();
            Set<String> names = world.discovery.serviceNames();
            world.discovery.service("carts");
            assertThat(names).containsExactly("orders.shop");
            assertThatThrownBy(() -> names.remove("orders.shop")).isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
