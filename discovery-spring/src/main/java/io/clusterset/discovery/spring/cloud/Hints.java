package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Snapshot;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.cloud.client.loadbalancer.HintRequestContext;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * Which part of a service a request means: the endpoints whose label {@code hint} says so. As Spring has it, a hint that no endpoint
 * has means all of them; so nobody makes selections by sending headers. Thread-safe.
 */
final class Hints {

    private static final String LABEL = "hint";
    private static final int MOST = 1_000;

    private final Map<Service, Known> known = new ConcurrentHashMap<>();

    /** The service, or its endpoints with the request's hint; of a service that is ready. */
    Service of(Service service, Request<?> request, String headerName) {
        Optional<String> hint = said(request, headerName).filter(all(service)::contains);
        if (hint.isEmpty()) {
            return service;
        }
        String wanted = hint.get();
        try {
            return service.selecting(
                    LABEL + " " + wanted,
                    endpoint -> wanted.equals(endpoint.labels().get(LABEL)));
        } catch (IllegalArgumentException oneTooMany) {
            return service;
        }
    }

    private static Optional<String> said(Request<?> request, String headerName) {
        Optional<String> header = Callee.data(request)
                .map(data -> Objects.requireNonNullElseGet(data.getHeaders(), HttpHeaders::new))
                .map(headers -> headers.getFirst(headerName));
        return header.filter(StringUtils::hasText)
                .or(() -> request.getContext() instanceof HintRequestContext context
                        ? Optional.ofNullable(context.getHint())
                        : Optional.empty());
    }

    @SuppressWarnings("ReferenceEquality") // snapshots are replaced as a whole
    private Set<String> all(Service service) {
        Snapshot now = service.snapshot();
        Known last = known.get(service);
        if (last != null && last.of == now) {
            return last.hints;
        }
        Set<String> hints = now.tiers().stream()
                .flatMap(tier -> tier.endpoints().stream())
                .flatMap(endpoint -> Optional.ofNullable(endpoint.labels().get(LABEL)).stream())
                .collect(Collectors.toUnmodifiableSet());
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(service, new Known(now, hints));
        return hints;
    }

    private record Known(Snapshot of, Set<String> hints) {}
}
