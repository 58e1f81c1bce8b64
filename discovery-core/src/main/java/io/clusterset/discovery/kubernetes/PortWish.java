package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.source.Question;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which port is wanted. A Service's port is found in a slice by its name: the number there is the target port, and may be
 * another in each slice. Immutable.
 *
 * @param who such as {@code orders.shop}
 * @param wanted what the caller said
 * @param otherwise the port of a caller who said none
 */
record PortWish(String who, Port wanted, int otherwise) {

    private static final int MOST_SHOWN = 10;

    /** What a question asks for. */
    static PortWish of(Question question, int defaultPort) {
        Port wanted = question.port().isPresent()
                ? question.port().get()
                : question.number().<Port>map(number -> number).orElse(Port.unspecified());
        return new PortWish(question.name(), wanted, defaultPort);
    }

    /**
     * The port that pods serve it at.
     *
     * @param declared the ports of the Service or ServiceImport; none if it is not there, or headless without ports
     */
    Choice ofPods(List<ServicePort> declared, Collection<EndpointSlice> slices) {
        List<SlicePort> offered = slices.stream()
                .flatMap(slice -> slice.ports().stream())
                .distinct()
                .toList();
        if (wanted instanceof Port.Named named) {
            String protocol = named.protocol().name();
            return offered.stream().anyMatch(port -> is(port, named.name(), protocol))
                    ? new ByName(named.name(), protocol, appProtocol(declared, named.name(), protocol))
                    : new None(refusal(has(declared, offered)));
        }
        if (declared.isEmpty() && offered.isEmpty()) {
            return new Bare(number());
        }
        Optional<ServicePort> asService = numbered(declared, number());
        if (asService.isPresent()) {
            return byName(asService.get());
        }
        if (wanted instanceof Port.Number || declared.isEmpty()) {
            Optional<SlicePort> asTarget = first(
                    offered,
                    port -> port.number() == number(),
                    port -> port.protocol().equals("TCP"));
            if (asTarget.isPresent()) {
                return new ByNumber(number(), asTarget.get().protocol());
            }
        }
        if (wanted instanceof Port.Number) {
            return new None(refusal(has(declared, offered)));
        }
        List<ServicePort> any = declared.isEmpty() ? unnumbered(offered) : declared;
        Optional<ServicePort> only = only(any);
        return only.isPresent() ? byName(only.get()) : new None(refusal(has(declared, offered)));
    }

    /** The port of a virtual address: the Service's own. Empty if it has no such port. */
    Optional<SlicePort> ofVirtualAddress(List<ServicePort> declared) {
        if (wanted instanceof Port.Named named) {
            return first(
                            declared,
                            port -> is(port, named.name(), named.protocol().name()),
                            port -> true)
                    .map(PortWish::asIs);
        }
        if (declared.isEmpty()) {
            return Optional.of(new SlicePort("", number(), "TCP", ""));
        }
        Optional<ServicePort> exactly = numbered(declared, number());
        return (exactly.isPresent() || wanted instanceof Port.Number ? exactly : only(declared)).map(PortWish::asIs);
    }

    /** Why {@link #ofVirtualAddress} found none. */
    String notServed(List<ServicePort> declared) {
        return refusal(has(declared, List.of()));
    }

    private String refusal(String has) {
        String what = wanted instanceof Port.Named named
                ? "port name " + named.name()
                : wanted instanceof Port.Number ? "port " + number() : "no port said, and " + otherwise;
        return what + " not served (" + has + ")";
    }

    private int number() {
        return wanted instanceof Port.Number said ? said.number() : otherwise;
    }

    private static Choice byName(ServicePort port) {
        return new ByName(port.name(), port.protocol(), port.appProtocol());
    }

    private static SlicePort asIs(ServicePort port) {
        return new SlicePort(port.name(), port.number(), port.protocol(), port.appProtocol());
    }

    private static boolean is(SlicePort port, String name, String protocol) {
        return port.name().equals(name) && port.protocol().equals(protocol);
    }

    private static boolean is(ServicePort port, String name, String protocol) {
        return port.name().equals(name) && port.protocol().equals(protocol);
    }

    private static String appProtocol(List<ServicePort> declared, String name, String protocol) {
        return first(declared, port -> is(port, name, protocol), port -> true)
                .map(ServicePort::appProtocol)
                .orElse("");
    }

    /** TCP, where a number means two ports. */
    private static Optional<ServicePort> numbered(List<ServicePort> declared, int number) {
        return first(
                declared,
                port -> port.number() == number,
                port -> port.protocol().equals("TCP"));
    }

    private static <P> Optional<P> first(List<P> ports, Predicate<P> fits, Predicate<P> better) {
        Optional<P> best = ports.stream().filter(fits.and(better)).findFirst();
        return best.isPresent() ? best : ports.stream().filter(fits).findFirst();
    }

    /** The one TCP port, else the one port. */
    private static Optional<ServicePort> only(List<ServicePort> ports) {
        List<ServicePort> tcp =
                ports.stream().filter(port -> port.protocol().equals("TCP")).toList();
        List<ServicePort> some = tcp.isEmpty() ? ports : tcp;
        return some.size() == 1 ? Optional.of(some.get(0)) : Optional.empty();
    }

    /** One name may stand for another number in each slice. */
    private static List<ServicePort> unnumbered(List<SlicePort> offered) {
        return offered.stream()
                .map(port -> new ServicePort(port.name(), 1, port.protocol(), ""))
                .distinct()
                .toList();
    }

    private String has(List<ServicePort> declared, List<SlicePort> offered) {
        LinkedHashSet<String> ports = new LinkedHashSet<>();
        declared.forEach(port -> ports.add(shown(port.name(), port.number(), port.protocol())));
        if (declared.isEmpty()) {
            offered.forEach(port -> ports.add(shown(port.name(), port.number(), port.protocol())));
        }
        if (ports.isEmpty()) {
            return who + " has no ports";
        }
        List<String> shown = new ArrayList<>(ports);
        return who + " has " + shown.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
                + (shown.size() > MOST_SHOWN ? " and " + (shown.size() - MOST_SHOWN) + " more" : "");
    }

    private static String shown(String name, int number, String protocol) {
        return (name.isEmpty() ? "" : name + " ") + number + (protocol.equals("TCP") ? "" : "/" + protocol);
    }

    /** How the wanted port is found in a slice. */
    sealed interface Choice {

        /** The port of this slice; empty if it lacks it. */
        Optional<SlicePort> in(EndpointSlice slice);
    }

    /**
     * The port of a name.
     *
     * @param appProtocol of the Service, for slices that don't say
     */
    record ByName(String name, String protocol, String appProtocol) implements Choice {
        @Override
        public Optional<SlicePort> in(EndpointSlice slice) {
            return slice.ports().stream()
                    .filter(port -> is(port, name, protocol))
                    .findFirst()
                    .map(port -> port.appProtocol().isEmpty()
                            ? new SlicePort(name, port.number(), protocol, appProtocol)
                            : port);
        }

        @Override
        public String toString() {
            return name.isEmpty() ? "the port without a name" : "port " + name;
        }
    }

    /** A target port, which no port of the Service is. */
    record ByNumber(int number, String protocol) implements Choice {
        @Override
        public Optional<SlicePort> in(EndpointSlice slice) {
            return slice.ports().stream()
                    .filter(port -> port.number() == number && port.protocol().equals(protocol))
                    .findFirst();
        }

        @Override
        public String toString() {
            return "target port " + number;
        }
    }

    /** This number, whatever it is: nobody says which ports there are. */
    record Bare(int number) implements Choice {
        @Override
        public Optional<SlicePort> in(EndpointSlice slice) {
            return Optional.of(new SlicePort("", number, "TCP", ""));
        }
    }

    /**
     * None is served.
     *
     * @param why in words
     */
    record None(String why) implements Choice {
        None {
            Objects.requireNonNull(why);
        }

        @Override
        public Optional<SlicePort> in(EndpointSlice slice) {
            return Optional.empty();
        }
    }
}
