package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.netty.http.client.HttpClient;

/** Reactor Netty tells pools apart by the resolver's hash alone. */
class NettyPinTest {

    /** Pods of two nodes, whose addresses have the same sum. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1:41501,127.0.0.2:41500", "[fd00:10:244:1::5]:8080,[fd00:10:244:2::4]:8080"})
    void endpointsWhoseSocketAddressesHashAlikeAreTwoPools(String one, String other) {
        Endpoint here = Endpoint.parse(one);
        Endpoint there = Endpoint.parse(other);
        assertThat(here.socketAddress())
                .hasSameHashCodeAs(there.socketAddress())
                .isNotEqualTo(there.socketAddress());
        assertThat(pin(here)).doesNotHaveSameHashCodeAs(pin(there)).isNotEqualTo(pin(there));
    }

    @Test
    void whatIsMadeAnewForAnEndpointFindsItsPool() {
        Endpoint endpoint = Endpoint.parse("10.0.0.1:8080");
        assertThat(pin(endpoint)).hasSameHashCodeAs(pin(endpoint.withWeight(7)));
    }

    private static NettyPin pin(Endpoint endpoint) {
        return new NettyPin(
                new NettyPin.Lane("orders.shop", 8080, endpoint),
                HttpClient.create().configuration());
    }
}
