package io.clusterset.discovery.spring.cloud;

import java.net.http.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerClientRequestTransformer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * As {@link HostTransformer}, for {@code WebClient}; once the request is the client's own, since the JDK's fails what has a
 * {@code Host}, unless a system property allows it.
 */
final class ReactiveHostTransformer implements LoadBalancerClientRequestTransformer {

    private final boolean everywhere;

    ReactiveHostTransformer() {
        this(Jdk.ALLOWS);
    }

    /** Where the JDK's client may be told, or may not. */
    ReactiveHostTransformer(boolean everywhere) {
        this.everywhere = everywhere;
    }

    @Override
    public ClientRequest transformRequest(ClientRequest request, ServiceInstance instance) {
        if (!(instance instanceof EndpointInstance ours) || ours.host().isEmpty()) {
            return request;
        }
        String host = ours.host().get();
        return ClientRequest.from(request)
                .httpRequest(sent -> {
                    if (!sent.getHeaders().containsHeader(HttpHeaders.HOST) && (everywhere || !isOfJdk(sent))) {
                        sent.getHeaders().set(HttpHeaders.HOST, host);
                    }
                })
                .build();
    }

    private static boolean isOfJdk(ClientHttpRequest request) {
        Object itself = request.getNativeRequest();
        return itself instanceof HttpRequest;
    }

    /** Asked once, since the answer never changes. */
    private static final class Jdk {
        private static final Logger LOG = LoggerFactory.getLogger(ReactiveHostTransformer.class);

        static final boolean ALLOWS = allows();

        private Jdk() {}

        private static boolean allows() {
            try {
                HttpRequest.newBuilder().header(HttpHeaders.HOST, "a");
                return true;
            } catch (IllegalArgumentException restricted) {
                LOG.debug("a WebClient over the JDK's client sends endpoints their own address as Host", restricted);
                return false;
            } catch (LinkageError none) { // a JDK without it
                return true;
            }
        }
    }
}
