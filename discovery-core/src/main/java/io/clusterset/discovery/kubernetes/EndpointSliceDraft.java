package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** An EndpointSlice being read. */
final class EndpointSliceDraft implements Draft<EndpointSlice> {

    /** The API server's own limit. */
    private static final int MOST_ENDPOINTS = 1_000;

    private static final int LONGEST_ADDRESS = 253; // of type FQDN
    private static final int MOST_PORTS = 100;
    private static final int MOST_HINTS = 64;
    private static final int MOST_DROPPED = 16;

    private final Endpoint.Pool pool;
    private final Predicate<InetAddress> allowed;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Evidence.Dropped> dropped = new ArrayList<>();
    private List<SlicePort> ports = List.of();
    private String addressType = "";

    // of the endpoint being read
    private String address = "";
    private String zone = "";
    private String node = "";
    private Condition condition = Condition.READY;
    private Hints hints = Hints.NONE;
    private final Map<Set<String>, Hints> ofZones = new HashMap<>(); // of a slice's endpoints, few differ
    private final Set<String> zones = new HashSet<>();
    private final Set<String> nodes = new HashSet<>();

    /**
     * One whose endpoints share what they have in common with others of the pool.
     *
     * @param allowed otherwise refused addresses that are let through
     */
    EndpointSliceDraft(Endpoint.Pool pool, Predicate<InetAddress> allowed) {
        this.pool = pool;
        this.allowed = allowed;
    }

    @Override
    public void field(String name, Cursor in) throws IOException {
        switch (name) {
            case "addressType" -> addressType = in.word();
            case "ports" -> ports = PortDraft.ports(in, MOST_PORTS, SlicePort::new);
            case "endpoints" -> endpoints(in);
            default -> in.skip();
        }
    }

    private void endpoints(Cursor in) throws IOException {
        endpoints.clear();
        dropped.clear();
        if (!in.beginsList()) {
            return;
        }
        while (in.hasElement()) {
            if (endpoints.size() == MOST_ENDPOINTS) {
                drop("more", "beyond the first " + MOST_ENDPOINTS + " endpoints of a slice");
                in.skip();
            } else if (in.beginsObject()) {
                endpoint(in);
            }
        }
    }

    private void endpoint(Cursor in) throws IOException {
        address = "";
        zone = "";
        node = "";
        condition = Condition.READY;
        hints = Hints.NONE;
        while (in.hasField()) {
            switch (in.name()) {
                case "addresses" -> address = first(in);
                case "conditions" -> condition = conditions(in);
                case "zone" -> zone = in.word();
                case "nodeName" -> node = in.word();
                case "hints" -> hints = hints(in);
                default -> in.skip();
            }
        }
        add();
    }

    /** Others than the first have no meaning. */
    private static String first(Cursor in) throws IOException {
        String first = "";
        if (in.beginsList()) {
            while (in.hasElement()) {
                if (first.isEmpty()) {
                    first = in.text(LONGEST_ADDRESS);
                } else {
                    in.skip();
                }
            }
        }
        return first;
    }

    private static Condition conditions(Cursor in) throws IOException {
        Optional<Boolean> ready = Optional.empty();
        Optional<Boolean> serving = Optional.empty();
        Optional<Boolean> terminating = Optional.empty();
        if (in.beginsObject()) {
            while (in.hasField()) {
                switch (in.name()) {
                    case "ready" -> ready = in.flag();
                    case "serving" -> serving = in.flag();
                    case "terminating" -> terminating = in.flag();
                    default -> in.skip();
                }
            }
        }
        return Condition.of(ready, serving, terminating);
    }

    private Hints hints(Cursor in) throws IOException {
        zones.clear();
        nodes.clear();
        if (in.beginsObject()) {
            while (in.hasField()) {
                switch (in.name()) {
                    case "forZones" -> names(in, zones);
                    case "forNodes" -> names(in, nodes);
                    default -> in.skip();
                }
            }
        }
        if (zones.isEmpty() && nodes.isEmpty()) {
            return Hints.NONE;
        }
        Hints known = nodes.isEmpty() ? ofZones.get(zones) : null;
        if (known != null) {
            return known;
        }
        Hints fresh = new Hints(zones, nodes);
        if (nodes.isEmpty()) {
            ofZones.put(fresh.zones(), fresh);
        }
        return fresh;
    }

    private static void names(Cursor in, Set<String> names) throws IOException {
        if (!in.beginsList()) {
            return;
        }
        while (in.hasElement()) {
            if (in.beginsObject()) {
                while (in.hasField()) {
                    if (in.name().equals("name") && names.size() < MOST_HINTS) {
                        names.add(in.word());
                    } else {
                        in.skip();
                    }
                }
            }
        }
        names.remove("");
    }

    private void add() {
        InetAddress read;
        try {
            read = Addresses.literal(address.indexOf('%') < 0 ? address : ""); // a scope of somebody else's machine
        } catch (IllegalArgumentException none) {
            drop(address.isEmpty() ? "an endpoint" : address, address.isEmpty() ? "no address" : "not an IP address");
            return;
        }
        String kind = special(read);
        if (!kind.isEmpty() && !allowed.test(read)) {
            drop(address, kind + " address in an EndpointSlice");
            return;
        }
        Endpoint endpoint = Endpoint.of(read, 0).withCondition(condition).withHints(hints);
        if (!zone.isEmpty() || !node.isEmpty()) {
            endpoint = endpoint.withLocality(new Locality("", zone, node));
        }
        endpoints.add(pool.sharing(endpoint));
    }

    /** The kind of address that no endpoint has; 240.0.0.0/4 serves as pod addresses in large networks. */
    static String special(InetAddress address) {
        String kind = Addresses.special(address);
        return kind.equals("reserved") ? "" : kind;
    }

    private void drop(String what, String rule) {
        if (dropped.size() < MOST_DROPPED) {
            dropped.add(new Evidence.Dropped(Text.safe(what), rule));
        }
    }

    @Override
    public EndpointSlice done(Metadata metadata) {
        boolean addresses = addressType.equals("IPv4") || addressType.equals("IPv6");
        if (!addresses) {
            endpoints.clear();
            drop("endpoints", "address type " + Text.quote(addressType) + " (expected: IPv4 or IPv6)");
        }
        return new EndpointSlice(
                metadata.service(),
                metadata.imported(),
                metadata.sourceCluster(),
                metadata.managedBy(),
                metadata.provisionCluster(),
                ports,
                endpoints,
                metadata.managedBy().equals(Flavour.LIGHTHOUSE)
                        && !metadata.headless().equals("true"),
                dropped);
    }

    @Override
    public String key(Metadata metadata) {
        return metadata.service().isEmpty() ? metadata.imported() : metadata.service();
    }
}
