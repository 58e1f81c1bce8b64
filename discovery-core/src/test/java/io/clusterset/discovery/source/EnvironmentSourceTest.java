package io.clusterset.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.source.EndpointSource.Watch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentSourceTest {

    /** As the kubelet sets them in namespace shop, and some that somebody got wrong. */
    private static final Map<String, String> ENVIRONMENT = environment(
            "KUBERNETES_SERVICE_HOST=10.96.0.1",
            "KUBERNETES_SERVICE_PORT=443",
            "KUBERNETES_SERVICE_PORT_HTTPS=443",
            "ORDERS_SERVICE_HOST=10.96.0.2",
            "ORDERS_SERVICE_PORT=8080",
            "ORDERS_SERVICE_PORT_HTTP=8080",
            "ORDERS_SERVICE_PORT_GRPC_WEB=9090",
            "ORDERS_PORT=tcp://10.96.0.2:8080",
            "ORDERS_V2_SERVICE_HOST=fd00::2",
            "ORDERS_V2_SERVICE_PORT=80",
            "PORTLESS_SERVICE_HOST=10.96.0.3",
            "NAMED_SERVICE_HOST=orders.example",
            "EMPTY_SERVICE_HOST=",
            "LINK_SERVICE_HOST=10.96.0.4",
            "LINK_SERVICE_PORT=tcp://10.96.0.4:80",
            "HIGH_SERVICE_HOST=10.96.0.5",
            "HIGH_SERVICE_PORT=65536",
            "HIGH_SERVICE_PORT_HTTP=http");

    private static Map<String, String> environment(String... variables) {
        Map<String, String> map = new HashMap<>();
        for (String variable : variables) {
            map.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }
        return map;
    }

    private final Tier tier = Tier.environment("env");
    private final List<Resolution> answers = new ArrayList<>();

    private Question question(String service, String namespace, String port) {
        ServiceName name = ServiceName.of(service, namespace);
        return tier.question(port.isEmpty() ? name : name.withPort(Port.parse(port)))
                .orElseThrow();
    }

    private String asked(Optional<String> own, String service, String namespace, String port) {
        answers.clear();
        Question question = question(service, namespace, port);
        Watch watch = new EnvironmentSource(ENVIRONMENT, own).watch(question, answers::add);
        watch.close();
        Resolution answer = answers.get(0);
        return answer.word()
                + answer.endpoints().stream()
                        .map(Endpoint::authority)
                        .map(" "::concat)
                        .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "orders, shop, '', found[ 10.96.0.2:8080], 'ORDERS_SERVICE_HOST, ORDERS_SERVICE_PORT'",
        "orders, shop, http, found[ 10.96.0.2:8080], 'ORDERS_SERVICE_HOST, ORDERS_SERVICE_PORT_HTTP'",
        "orders, shop, grpc-web, found[ 10.96.0.2:9090], 'ORDERS_SERVICE_HOST, ORDERS_SERVICE_PORT_GRPC_WEB'",
        "orders, shop, 9090, found[ 10.96.0.2:9090], ORDERS_SERVICE_HOST",
        "orders, shop, smtp, empty[], port name smtp not served: ORDERS_SERVICE_PORT_SMTP is not set",
        "orders-v2, shop, '', found[ [fd00::2]:80], 'ORDERS_V2_SERVICE_HOST, ORDERS_V2_SERVICE_PORT'",
        "portless, shop, '', found[ 10.96.0.3:0], PORTLESS_SERVICE_HOST",
        "nosuch, shop, '', no-such-name[], NOSUCH_SERVICE_HOST is not set",
        "orders, other, '', no-such-name[], 'not in namespace shop, whose services the variables hold'",
        "kubernetes, default, '', found[ 10.96.0.1:443], 'KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT'",
        "kubernetes, shop, '', no-such-name[], 'not in namespace default, whose services the variables hold'",
        "named, shop, '', unknown[], \"NAMED_SERVICE_HOST: 'orders.example': not an IP address (expected: an IPv4 or IPv6 literal)\"",
        "empty, shop, '', unknown[], \"EMPTY_SERVICE_HOST: '': not an IP address (expected: an IPv4 or IPv6 literal)\"",
        "link, shop, '', unknown[], LINK_SERVICE_PORT",
        "link, shop, 80, found[ 10.96.0.4:80], LINK_SERVICE_HOST",
        "high, shop, '', unknown[], HIGH_SERVICE_PORT: port: 65536 (expected: 1 to 65535)",
        "high, shop, http, unknown[], HIGH_SERVICE_PORT_HTTP: 'http' (expected: a number from 1 to 65535)"
    })
    void whatTheVariablesSayIsTheAnswer(String service, String namespace, String port, String answer, String detail) {
        assertThat(asked(Optional.of("shop"), service, namespace, port)).isEqualTo(answer);
        assertThat(answers.get(0).evidence().detail()).startsWith(detail.replace("\"", ""));
    }

    @Test
    void withoutTheOwnNamespaceNothingIsKnownButTheApi() {
        assertThat(asked(Optional.empty(), "orders", "shop", "")).isEqualTo("unknown[]");
        assertThat(answers.get(0).evidence().detail()).contains("discovery.namespace");
        assertThat(asked(Optional.empty(), "kubernetes", "default", "")).isEqualTo("found[ 10.96.0.1:443]");
    }

    @Test
    void theAnswerHoldsForEverAndIsGivenAgainToWhoAsksAgain() {
        EnvironmentSource source = new EnvironmentSource(ENVIRONMENT, Optional.of("shop"));
        Question orders = question("orders", "shop", "");
        Watch watch = source.watch(orders, answers::add);
        source.watch(question("nosuch", "shop", ""), other -> {});
        source.refresh(orders, Effort.CONFIRM);
        assertThat(answers).hasSize(2).allMatch(answer -> answer.freshFor().compareTo(EndpointSource.PUSHED) > 0);
        watch.close();
        source.refresh(orders, Effort.NORMAL);
        assertThat(answers).hasSize(2);
        source.watch(orders, answers::add);
        source.close();
        source.refresh(orders, Effort.NORMAL);
        assertThat(answers).hasSize(3);
    }
}
