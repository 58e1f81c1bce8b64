package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerUriTools;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.cloud.client.loadbalancer.RetryableRequestContext;
import org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.util.LinkedMultiValueMap;
import reactor.core.publisher.Mono;

/** What is chosen for which request, and what its end says. */
@ExtendWith(OutputCaptureExtension.class)
class ChoiceTest {

    private final TwoClusters clusters = new TwoClusters(builder -> builder.service(
                    "stock.shop",
                    s -> s.staticList(List.of(
                            Endpoint.parse("127.0.0.1:1000")
                                    .withLabels(Map.of("hint", "blue", "app-protocol", "https")),
                            Endpoint.parse("127.0.0.2:1000").withLabels(Map.of("hint", "green", "track", "canary")),
                            Endpoint.parse("127.0.0.3:1000"))))
            .service("six.shop", s -> s.staticList(List.of(Endpoint.parse("[fd00::1]:8080")))));
    private final ConfigurableApplicationContext context = App.start(
            clusters.discovery,
            new Class<?>[] {BalancingAlone.class},
            "spring.cloud.loadbalancer.hint.stock.shop=green",
            "spring.cloud.loadbalancer.sticky-session.add-service-instance-cookie=true");
    private final LoadBalancerClientFactory factory = context.getBean(LoadBalancerClientFactory.class);
    private final OutcomeLifecycle lifecycle = context.getBean(OutcomeLifecycle.class);

    @AfterEach
    void close() {
        context.close();
        clusters.close();
    }

    private static RequestData data(String url, HttpHeaders headers, Map<String, Object> attributes) {
        return new RequestData(HttpMethod.GET, URI.create(url), headers, new LinkedMultiValueMap<>(), attributes);
    }

    private static HttpHeaders header(String name, String value) {
        HttpHeaders headers = new HttpHeaders();
        headers.add(name, value);
        return headers;
    }

    private static Request<?> request(RequestData data) {
        return new DefaultRequest<>(new RequestDataContext(data, "default"));
    }

    private static Request<?> request(String url, HttpHeaders headers) {
        return request(data(url, headers, new HashMap<>()));
    }

    private Response<ServiceInstance> choose(String id, Request<?> request) {
        return Objects.requireNonNull(
                Mono.from(factory.getInstance(id).choose(request)).block());
    }

    private EndpointInstance chosen(String id, Request<?> request) {
        return (EndpointInstance) Objects.requireNonNull(choose(id, request).getServer());
    }

    private EndpointInstance orders() {
        return chosen("orders.shop", request("http://orders.shop/x", new HttpHeaders()));
    }

    private EndpointInstance retry(EndpointInstance before) {
        return chosen(
                "orders.shop",
                new DefaultRequest<>(new RetryableRequestContext(
                        before, data("http://orders.shop/x", new HttpHeaders(), new HashMap<>()), "default")));
    }

    private void ends(EndpointInstance instance, Throwable thrown) {
        Request<Object> request = new DefaultRequest<>(new Object());
        lifecycle.onStartRequest(request, new DefaultResponse(instance));
        lifecycle.onComplete(new CompletionContext<>(
                CompletionContext.Status.FAILED, thrown, request, new DefaultResponse(instance)));
    }

    private void answers(ServiceInstance instance, HttpStatus status) {
        Request<Object> request = new DefaultRequest<>(new Object());
        lifecycle.onStartRequest(request, new DefaultResponse(instance));
        lifecycle.onComplete(new CompletionContext<>(
                CompletionContext.Status.SUCCESS,
                request,
                new DefaultResponse(instance),
                new ResponseData(
                        status,
                        new HttpHeaders(),
                        new LinkedMultiValueMap<>(),
                        data("http://orders.shop/x", new HttpHeaders(), new HashMap<>()))));
    }

    @Test
    void aPickThatIsNotUsedCountsForNothing() {
        orders();
        assertThat(clusters.attempts("local").picked()).isZero();
    }

    @Test
    void theLastRetryAllowedLeavesTheTier() {
        clusters.warm();
        EndpointInstance first = orders();
        assertThat(first.endpoint().tier()).isEqualTo("local");
        ends(first, new ConnectException("Connection refused"));
        EndpointInstance second = retry(first);
        assertThat(second.endpoint().tier()).isEqualTo("clusterset");
        assertThat(second.number()).isEqualTo(2);
        assertThat(clusters.attempts("local").failedHard()).isEqualTo(1);
    }

    @Test
    void withMoreRetriesAllOfHomeIsTriedFirstUnlessAConnectTimesOut() {
        clusters.warm();
        factory.getProperties("orders.shop").getRetry().setMaxRetriesOnNextServiceInstance(2);
        EndpointInstance first = orders();
        EndpointInstance second = retry(first);
        assertThat(second.endpoint().tier()).isEqualTo("local");
        assertThat(second).isNotEqualTo(first);
        assertThat(retry(second).endpoint().tier()).isEqualTo("clusterset");

        EndpointInstance timedOut = orders();
        ends(timedOut, new SocketTimeoutException("Connect timed out"));
        assertThat(retry(timedOut).endpoint().tier()).isEqualTo("clusterset");
    }

    /** A rolling deploy takes endpoints away in the moment they refuse. */
    @Test
    void whoWasRefusedByOneThatIsGoneByNowMayMeetOthers() {
        clusters.warm();
        EndpointInstance gone = orders();
        String other = gone.getHost().equals("127.0.0.1") ? "127.0.0.2" : "127.0.0.1";
        clusters.dns.service("orders.shop.svc.cluster.local", other);
        clusters.discovery.service("orders.shop").invalidate();
        TwoClusters.await(
                "gone",
                () -> clusters.discovery
                        .service("orders.shop")
                        .verdict(gone.endpoint().socketAddress())
                        .isEmpty());
        assertThat(gone.mayMeetOthers()).isTrue();
        assertThat(retry(retry(gone)).mayMeetOthers()).as("all were met").isFalse();
        clusters.discovery.enabled(false);
        assertThat(gone.mayMeetOthers())
                .as("to ask is to wait for the system's resolver")
                .isFalse();
    }

    @Test
    void whatIsRetriedForEverIsNotRememberedForEver() {
        EndpointInstance at = orders();
        for (int i = 0; i < 100; i++) {
            at = retry(at);
        }
        assertThat(at.number()).isEqualTo(101);
        assertThat(at.tried()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void aHintOfTheHeaderSelectsAndOneThatNobodyHasDoesNot() {
        Set<String> blue = new HashSet<>();
        Set<String> unknown = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            blue.add(chosen("stock.shop", request("http://stock.shop:1000/x", header("X-SC-LB-Hint", "blue")))
                    .getHost());
            unknown.add(chosen("stock.shop", request("http://stock.shop:1000/x", header("X-SC-LB-Hint", "h" + i)))
                    .getHost());
        }
        assertThat(blue).containsExactly("127.0.0.1");
        assertThat(unknown).hasSize(3);
        assertThat(clusters.discovery.figures().services())
                .as("no selection for what anybody sends")
                .hasSizeLessThan(10);
    }

    @Test
    void aHintOfThePropertiesSelects() {
        Request<?> hinted = new DefaultRequest<>(
                new RequestDataContext(data("http://stock.shop:1000/x", new HttpHeaders(), new HashMap<>()), "green"));
        for (int i = 0; i < 10; i++) {
            assertThat(chosen("stock.shop", hinted).getHost()).isEqualTo("127.0.0.2");
        }
    }

    @Test
    void theCookieStays() {
        String id = "orders.shop/127.0.0.2:" + clusters.home.port();
        for (String cookie : List.of(
                "sc-lb-instance-id=" + id,
                "a=b; sc-lb-instance-id=\"" + id + "\"; c=d",
                "sc-lb-instance-id=" + id + ";x=y")) {
            for (int i = 0; i < 4; i++) {
                EndpointInstance chosen =
                        chosen("orders.shop", request("http://orders.shop/x", header("Cookie", cookie)));
                assertThat(chosen.getInstanceId()).isEqualTo(id);
            }
        }
        EndpointInstance other = chosen(
                "orders.shop", request("http://orders.shop/x", header("Cookie", "sc-lb-instance-id=x/1.2.3.4:5")));
        assertThat(other.getHost()).startsWith("127.0.0.");
        EndpointInstance stuck =
                chosen("orders.shop", request("http://orders.shop/x", header("Cookie", "sc-lb-instance-id=" + id)));
        clusters.homeToo.kill(); // or a probe would find it well
        ends(stuck, new ConnectException("Connection refused"));
        Request<?> again = request("http://orders.shop/x", header("Cookie", "sc-lb-instance-id=" + id));
        TwoClusters.await(
                "not to one that is suspect",
                () -> !chosen("orders.shop", again).equals(stuck));
    }

    @Test
    void anAffinityInTheAttributesIsHeeded() {
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Map<String, Object> attributes = new HashMap<>(Map.of(Affinity.class.getName(), Affinity.of("customer 7")));
            addresses.add(chosen("orders.shop", request(data("http://orders.shop/x", new HttpHeaders(), attributes)))
                    .getHost());
        }
        assertThat(addresses).hasSize(1);
    }

    @Test
    void aRouteOfTheGatewaySaysThePort() {
        Map<String, Object> attributes = new HashMap<>(Map.of(Callee.ROUTE, URI.create("lb://orders.shop:7777/x")));
        EndpointInstance chosen =
                chosen("orders.shop", request(data("http://localhost:8080/x", new HttpHeaders(), attributes)));
        assertThat(chosen.getPort()).isEqualTo(7777);
        assertThat(chosen.host()).contains("orders.shop:7777");
        EndpointInstance bare = chosen("orders.shop", request("http://localhost:8080/x", new HttpHeaders()));
        assertThat(bare.getPort()).as("the service's own").isEqualTo(clusters.home.port());
    }

    @Test
    void outcomesAreReadAsTheCoreReadsThem() {
        EndpointInstance instance = orders();
        ends(instance, new ConnectException("Connection refused"));
        assertThat(clusters.attempts("local").failedHard()).isEqualTo(1);
        ends(orders(), new IllegalStateException("the application's own"));
        ends(orders(), new CancellationException());
        ends(orders(), new RuntimeException(new TimeoutException()));
        answers(orders(), HttpStatus.SERVICE_UNAVAILABLE);
        answers(orders(), HttpStatus.TOO_MANY_REQUESTS);
        answers(orders(), HttpStatus.NOT_FOUND);
        assertThat(clusters.attempts("local"))
                .satisfies(attempts -> assertThat(attempts.failedOtherwise()).isEqualTo(1))
                .satisfies(attempts -> assertThat(attempts.abandoned()).isEqualTo(1))
                .satisfies(attempts -> assertThat(attempts.failedSoft()).isEqualTo(3))
                .satisfies(attempts -> assertThat(attempts.succeeded()).isEqualTo(1));
    }

    @Test
    void anInstanceWithSomethingAroundItIsHeardToo() {
        EndpointInstance instance = orders();
        DefaultServiceInstance around = new DefaultServiceInstance(
                "x", "orders.shop", instance.getHost(), instance.getPort(), false, instance.getMetadata());
        answers(around, HttpStatus.SERVICE_UNAVAILABLE);
        assertThat(clusters.attempts("local").failedSoft()).isEqualTo(1);
        answers(
                new DefaultServiceInstance(
                        "x", "orders.shop", "nonsense", -1, false, Map.of("tier", "", "verdict", "")),
                HttpStatus.OK);
        answers(new DefaultServiceInstance("x", "other", "10.0.0.1", 80, false), HttpStatus.SERVICE_UNAVAILABLE);
    }

    @Test
    void oneOfAListReportsWithoutAPick() {
        ServiceInstance listed = ClustersetDiscoveryClient.instances(
                        "orders.shop", clusters.discovery.service("orders.shop"))
                .get(0);
        ends((EndpointInstance) listed, new ConnectException("Connection refused"));
        assertThat(clusters.attempts("local").failedHard()).isEqualTo(1);
    }

    @Test
    void anInstanceForTwoRequestsAtOnceLeavesNoneOpen() {
        EndpointInstance instance = orders();
        OpenAttempts attempts = context.getBean(Steering.class).attempts();
        instance.begin(attempts);
        instance.begin(attempts);
        instance.end(attempts, new Outcome.Succeeded());
        instance.end(attempts, new Outcome.Succeeded());
        assertThat(attempts.count()).isZero();
        assertThat(clusters.attempts("local").abandoned()).isEqualTo(1);
    }

    @Test
    void noEndpointIsAnEmptyResponseWhoseReasonIsLoggedOnce(CapturedOutput output) {
        clusters.dns.on("empty.shop.svc.cluster.local").nodata();
        clusters.dns.on("empty.shop.svc.clusterset.local").nodata();
        for (int i = 0; i < 3; i++) {
            assertThat(choose("empty.shop", request("http://empty.shop/x", new HttpHeaders()))
                            .hasServer())
                    .isFalse();
        }
        assertThat(output.getOut()).containsOnlyOnce("empty.shop:80: no endpoint (local and clusterset: empty)");
    }

    @Test
    void aNameThatNoTierKnowsIsSpringsOwnBusiness() {
        assertThat(choose("nowhere.shop", request("http://nowhere.shop/x", new HttpHeaders()))
                        .hasServer())
                .isFalse();
        assertThat(choose("api.example.com", request("http://api.example.com/x", new HttpHeaders()))
                        .hasServer())
                .isFalse();
    }

    @Test
    void anAliasOfANameOutsideIsLeftToTheResolver() {
        clusters.dns.on("pay.shop.svc.cluster.local").cname("pay.example.com");
        clusters.dns.on("pay.shop.svc.clusterset.local").nxdomain();
        ServiceInstance instance =
                Objects.requireNonNull(choose("pay.shop", request("https://pay.shop/x", new HttpHeaders()))
                        .getServer());
        assertThat(instance.getUri()).isEqualTo(URI.create("https://pay.shop:443"));
    }

    @Test
    void anInstanceSaysWhatIsKnownOfItsEndpoint() {
        EndpointInstance canary =
                chosen("stock.shop", request("http://stock.shop:1000/x", header("X-SC-LB-Hint", "green")));
        assertThat(canary.getMetadata())
                .containsEntry("track", "canary")
                .containsEntry("weight", "1")
                .containsEntry("verdict", "unknown")
                .containsKey("tier")
                .doesNotContainKey("zone");
        assertThat(canary.isSecure()).isFalse();
        assertThat(canary.getUri()).isEqualTo(URI.create("http://127.0.0.2:1000"));
        assertThat(canary.getServiceId()).isEqualTo("stock.shop");
        EndpointInstance secure =
                chosen("stock.shop", request("http://stock.shop:1000/x", header("X-SC-LB-Hint", "blue")));
        assertThat(secure.isSecure()).isTrue();
        assertThat(LoadBalancerUriTools.reconstructURI(secure, URI.create("http://stock.shop:1000/a%20b?c=%2F")))
                .isEqualTo(URI.create("https://127.0.0.1:1000/a%20b?c=%2F"));
    }

    @Test
    void ipv6StandsInBrackets() {
        EndpointInstance six = chosen("six.shop", request("http://six.shop:8080/x", new HttpHeaders()));
        assertThat(six.getUri()).isEqualTo(URI.create("http://[fd00::1]:8080"));
        assertThat(six.getInstanceId()).isEqualTo("six.shop/[fd00::1]:8080");
        for (String path : List.of("/a%20b", "/a")) {
            assertThat(LoadBalancerUriTools.reconstructURI(six, URI.create("http://six.shop:8080" + path)))
                    .isEqualTo(URI.create("http://[fd00::1]:8080" + path));
        }
    }

    @Test
    void feignsRequestsCarryTheName() {
        EndpointInstance instance = chosen("orders.shop", request("http://orders.shop:8080/x", new HttpHeaders()));
        feign.Request request = feign.Request.create(
                feign.Request.HttpMethod.GET,
                "http://127.0.0.1:8080/x",
                Map.of("a", List.of("b")),
                null,
                StandardCharsets.UTF_8,
                null);
        FeignHostTransformer transformer = context.getBean(FeignHostTransformer.class);
        assertThat(transformer.transformRequest(request, instance).headers())
                .containsEntry("Host", List.of("orders.shop:8080"))
                .containsEntry("a", List.of("b"));
        feign.Request own = feign.Request.create(
                feign.Request.HttpMethod.GET,
                "http://127.0.0.1/x",
                Map.of("host", List.of("b")),
                null,
                StandardCharsets.UTF_8,
                null);
        assertThat(transformer.transformRequest(own, instance)).isSameAs(own);
    }

    @Test
    void repeatsOnlyWhatMayBe() {
        IOException sent = new IOException("Connection reset");
        ConnectException unsent = new ConnectException("Connection refused");
        assertThat(Repeats.allowed(HttpMethod.GET, false, sent)).isTrue();
        assertThat(Repeats.allowed(HttpMethod.PUT, false, sent)).isTrue();
        assertThat(Repeats.allowed(HttpMethod.POST, false, sent)).isFalse();
        assertThat(Repeats.allowed(HttpMethod.POST, true, sent)).isTrue();
        assertThat(Repeats.allowed(HttpMethod.POST, false, unsent)).isTrue();
        assertThat(Repeats.allowed(HttpMethod.GET, false, new IllegalStateException()))
                .isFalse();
    }

    /** No more than is needed, as there is one for each test. */
    @SpringBootConfiguration
    @ImportAutoConfiguration({
        BalancingAutoConfiguration.class,
        BlockingLoadBalancerClientAutoConfiguration.class,
        CompositeDiscoveryClientAutoConfiguration.class,
        DiscoveryClientsAutoConfiguration.class,
        LoadBalancerAutoConfiguration.class,
        ReactiveCompositeDiscoveryClientAutoConfiguration.class
    })
    static class BalancingAlone {}
}
