package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Text;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Answers from the variables that Kubernetes sets when it starts a container: {@code ORDERS_SERVICE_HOST}, {@code
 * ORDERS_SERVICE_PORT} and, for a port named http, {@code ORDERS_SERVICE_PORT_HTTP}. They hold the addresses of Services in
 * the pod's own namespace, and of {@code kubernetes.default}; headless ones have none, and nothing in them ever changes: a
 * Service made anew is missed until the pod starts anew.
 *
 * <p>A numeric port is taken as it is, for what is behind the address is the Service. Values are checked, since anybody can
 * set a variable: a malformed one makes the answer unknown, and the evidence names it.
 */
public final class EnvironmentSource implements EndpointSource {

    /** Long enough to mean for ever. */
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final Map<String, String> environment;
    private final Optional<String> namespace;
    private final Map<Object, Watched> watches = new LinkedHashMap<>();

    /**
     * A source over a snapshot of the environment.
     *
     * @param environment all variables
     * @param namespace the pod's own namespace, which the variables don't tell; if unknown, so is every answer
     */
    public EnvironmentSource(Map<String, String> environment, Optional<String> namespace) {
        this.environment = Map.copyOf(environment);
        this.namespace = namespace;
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        Object key = new Object();
        synchronized (watches) {
            watches.put(key, new Watched(question, listener));
        }
        listener.resolved(answer(question));
        return () -> {
            synchronized (watches) {
                watches.remove(key);
            }
        };
    }

    /** Says the same again: who asks waits for an answer. */
    @Override
    public void refresh(Question question, Effort effort) {
        List<Watched> asking;
        synchronized (watches) {
            asking = watches.values().stream()
                    .filter(watched -> watched.question().equals(question))
                    .toList();
        }
        Resolution answer = answer(question);
        asking.forEach(watched -> watched.listener().resolved(answer));
    }

    @Override
    public void close() {
        synchronized (watches) {
            watches.clear();
        }
    }

    private Resolution answer(Question question) {
        int dot = question.name().indexOf('.');
        String service = question.name().substring(0, Math.max(0, dot));
        String itsNamespace = question.name().substring(dot + 1);
        // every container gets those of kubernetes.default, which hide a kubernetes of its own namespace
        boolean api = service.equals("kubernetes");
        if (!api && namespace.isEmpty()) {
            return unknown("own namespace not known (expected: discovery.namespace)");
        }
        String own = api ? "default" : namespace.orElse("");
        if (!itsNamespace.equals(own)) {
            return new Resolution.NoSuchName(
                    FOREVER, Evidence.of("not in namespace " + own + ", whose services the variables hold"));
        }
        return answer(service.toUpperCase(Locale.ROOT).replace('-', '_') + "_SERVICE_", question);
    }

    private Resolution answer(String prefix, Question question) {
        String hostVariable = prefix + "HOST";
        String host = environment.get(hostVariable);
        if (host == null) {
            return new Resolution.NoSuchName(FOREVER, Evidence.of(hostVariable + " is not set"));
        }
        InetAddress address;
        try {
            address = Addresses.literal(host);
        } catch (IllegalArgumentException malformed) {
            return unknown(hostVariable + ": " + malformed.getMessage());
        }
        if (question.number().isPresent()) {
            return found(hostVariable, address, question.number().get().number());
        }
        String portVariable = prefix
                + question.port()
                        .map(named ->
                                "PORT_" + named.name().toUpperCase(Locale.ROOT).replace('-', '_'))
                        .orElse("PORT");
        String port = environment.get(portVariable);
        if (port == null) {
            return question.port().isEmpty()
                    ? found(hostVariable, address, 0)
                    : new Resolution.Empty(
                            FOREVER,
                            Evidence.of("port name " + question.port().get().name() + " not served: " + portVariable
                                    + " is not set"));
        }
        try {
            if (Port.parse(port) instanceof Port.Number number) {
                return found(hostVariable + ", " + portVariable, address, number.number());
            }
        } catch (IllegalArgumentException malformed) {
            return unknown(portVariable + ": " + malformed.getMessage());
        }
        return unknown(portVariable + ": " + Text.quote(port) + " (expected: a number from 1 to " + Port.MAX + ")");
    }

    private static Resolution found(String variables, InetAddress address, int port) {
        return new Resolution.Found(List.of(Endpoint.of(address, port)), FOREVER, Evidence.of(variables));
    }

    private static Resolution unknown(String why) {
        return new Resolution.Unknown(List.of(), FOREVER, Evidence.of(why));
    }

    private record Watched(Question question, Listener listener) {}
}
