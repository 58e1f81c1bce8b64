package io.clusterset.benchmarks.peers;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.DynamicEndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import java.util.List;
import java.util.function.Supplier;

/** Armeria's endpoint groups. */
public final class Armeria {

    private Armeria() {}

    /** {@code roundRobin} over a static group. */
    public static Supplier<Object> pick(int endpoints) {
        return picking(EndpointSelectionStrategy.roundRobin(), endpoints);
    }

    /** {@code weightedRoundRobin} over a static group. */
    public static Supplier<Object> weightedPick(int endpoints) {
        return picking(EndpointSelectionStrategy.weightedRoundRobin(), endpoints);
    }

    private static Supplier<Object> picking(EndpointSelectionStrategy strategy, int endpoints) {
        EndpointGroup group = EndpointGroup.of(strategy, Addresses.each(endpoints, Armeria::weighted));
        ClientRequestContext context = ClientRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));
        return () -> group.selectNow(context);
    }

    /** A new static group, {@code weightedRoundRobin}, and its first pick. */
    public static Supplier<Object> rebuild(int endpoints) {
        Turns<List<Endpoint>> lists = new Turns<>(
                Addresses.each(endpoints, Armeria::weighted), Addresses.eachButOne(endpoints, Armeria::weighted));
        ClientRequestContext context = ClientRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));
        return () -> EndpointGroup.of(EndpointSelectionStrategy.weightedRoundRobin(), lists.next())
                .selectNow(context);
    }

    /** {@code DynamicEndpointGroup.setEndpoints} and the first pick. */
    public static Supplier<Object> rebuildDynamic(int endpoints) {
        Turns<List<Endpoint>> lists = new Turns<>(
                Addresses.each(endpoints, Armeria::weighted), Addresses.eachButOne(endpoints, Armeria::weighted));
        ClientRequestContext context = ClientRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));
        Settable group = new Settable();
        return () -> {
            group.set(lists.next());
            return group.selectNow(context);
        };
    }

    /** A static group, {@code weightedRoundRobin}, that has been picked from. */
    public static Object model(int service, int endpoints) {
        EndpointGroup group = EndpointGroup.of(
                EndpointSelectionStrategy.weightedRoundRobin(), Addresses.each(service, endpoints, Armeria::weighted));
        group.selectNow(ClientRequestContext.of(HttpRequest.of(HttpMethod.GET, "/")));
        return group;
    }

    private static Endpoint weighted(int nth) {
        return Endpoint.of(Addresses.host(nth), Addresses.PORT).withWeight(Addresses.weight(nth));
    }

    private static final class Settable extends DynamicEndpointGroup {
        Settable() {
            super(EndpointSelectionStrategy.weightedRoundRobin());
        }

        void set(List<Endpoint> endpoints) {
            setEndpoints(endpoints);
        }
    }
}
