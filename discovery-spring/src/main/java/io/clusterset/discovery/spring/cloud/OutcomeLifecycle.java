package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import java.util.Map;
import java.util.Optional;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.http.HttpHeaders;

/**
 * Tells the library how requests end. An answer of 5xx or 429 is a failure of the endpoint, which Spring calls a success; an
 * exception of the application's own is none. Never throws.
 */
final class OutcomeLifecycle implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

    private static final Outcome SUCCEEDED = new Outcome.Succeeded();

    private final Steering steering;
    private final Told bugs;

    OutcomeLifecycle(Steering steering) {
        this.steering = steering;
        this.bugs = new Told(steering.ticker());
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean supports(Class requestContextClass, Class responseClass, Class serverTypeClass) {
        return ServiceInstance.class.isAssignableFrom(serverTypeClass);
    }

    /** Nothing has been chosen yet. */
    @Override
    public void onStart(Request<Object> request) {}

    @Override
    public void onStartRequest(Request<Object> request, Response<ServiceInstance> response) {
        contained(() -> {
            if (response.getServer() instanceof EndpointInstance instance) {
                instance.begin(steering.attempts());
            }
        });
    }

    @Override
    public void onComplete(CompletionContext<Object, ServiceInstance, Object> completion) {
        contained(() -> completed(completion));
    }

    private void completed(CompletionContext<Object, ServiceInstance, Object> completion) {
        Response<ServiceInstance> response = completion.getLoadBalancerResponse();
        ServiceInstance server = response == null ? null : response.getServer();
        if (server == null || completion.status() == CompletionContext.Status.DISCARD) {
            return;
        }
        Outcome outcome = outcome(completion);
        if (server instanceof EndpointInstance instance) {
            instance.end(steering.attempts(), outcome);
        } else if (isOneOfOurs(server)) {
            Endpoint endpoint = Endpoint.parse(server.getHost() + ":" + server.getPort());
            Callee.of(server.getServiceId(), completion.getLoadBalancerRequest())
                    .authority(steering.discovery())
                    .ifPresent(authority -> authority.service().report(endpoint.socketAddress(), outcome));
        }
    }

    /** Somebody put something around it. */
    private static boolean isOneOfOurs(ServiceInstance server) {
        Map<String, String> metadata = server.getMetadata();
        return metadata != null && metadata.containsKey("tier") && metadata.containsKey("verdict");
    }

    private static Outcome outcome(CompletionContext<Object, ServiceInstance, Object> completion) {
        Throwable thrown = completion.getThrowable();
        if (completion.status() == CompletionContext.Status.FAILED && thrown != null) {
            boolean own = Journey.of(completion.getLoadBalancerRequest())
                    .filter(Journey::isOwnFailure)
                    .isPresent();
            return own
                    ? Failure.otherwise("the request's body: " + thrown).outcome()
                    : Failure.of(thrown).outcome();
        } else if (completion.getClientResponse() instanceof ResponseData data && data.getHttpStatus() != null) {
            HttpHeaders headers = data.getHeaders();
            return Failure.ofResponse(
                            data.getHttpStatus().value(),
                            Optional.ofNullable(headers.getFirst(HttpHeaders.RETRY_AFTER)),
                            Optional.ofNullable(headers.getFirst(HttpHeaders.DATE)))
                    .map(Failure::outcome)
                    .orElse(SUCCEEDED);
        }
        return SUCCEEDED;
    }

    private void contained(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException bug) {
            bugs.warn(() -> "an outcome was not counted: " + bug, bug);
        }
    }
}
