package io.clusterset.discovery;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.Naming;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What names in URLs mean while one plan holds; remembered, since every call asks. Thread-safe. */
final class Authorities {

    private static final int MOST = 10_000;
    private static final int LONGEST =
            ServiceName.MAX_LENGTH + 1; // with a dot; what is longer is no name, nor worth the memory

    private final Plan plan;
    private final Map<Asked, Optional<Authority>> known = new ConcurrentHashMap<>();

    Authorities(Plan plan) {
        this.plan = plan;
    }

    @SuppressWarnings("ReferenceEquality") // plans are replaced as a whole
    boolean isOf(Plan other) {
        return plan == other;
    }

    Optional<Authority> find(Asked asked, Function<ServiceName, Service> services) {
        if (asked.host().length() > LONGEST) {
            return Optional.empty();
        }
        Optional<Authority> found = known.get(asked);
        if (found != null) {
            return found;
        }
        Optional<Authority> read = read(asked, services);
        if (known.size() < MOST) { // a crawler sees more names than that, and they are quickly read
            known.put(asked, read);
        }
        return read;
    }

    private Optional<Authority> read(Asked asked, Function<ServiceName, Service> services) {
        Naming naming = plan.naming();
        Naming.Claim claim = naming.claim(asked.host());
        if (claim == Naming.Claim.NONE) {
            return Optional.empty();
        }
        try {
            ServiceName name = naming.parse(asked.name());
            boolean certain = claim == Naming.Claim.CERTAIN || plan.names().isComplete();
            if (!plan.names().admits(name, asked.host()) || !(certain || naming.isToldApart(name))) {
                return Optional.empty();
            }
            return Optional.of(new Authority(services.apply(withPort(naming, name, asked)), certain));
        } catch (IllegalArgumentException notOurs) { // no namespace, an underscore, port 0
            return Optional.empty();
        }
    }

    private ServiceName withPort(Naming naming, ServiceName name, Asked asked) {
        if (asked.isUrl() && asked.port() != asked.schemePort()) {
            return name.withPort(new Port.Number(asked.port()));
        }
        ServiceName own = naming.withOwnPort(name);
        if (!(own.port() instanceof Port.Unspecified)) {
            return own;
        }
        return name.withPort(new Port.Number(asked.isUrl() ? asked.port() : plan.defaultPort()));
    }

    /**
     * What is asked for.
     *
     * @param name as it is read: with a port's name or number if it is in no URL and has one
     * @param host the name alone
     * @param port what a URL says or means; the same as the next if it says none
     * @param schemePort below 0 if it is in no URL
     */
    record Asked(String name, String host, int port, int schemePort) {

        private static final int NO_URL = -1;

        static Asked of(String host, int port, int schemePort) {
            return new Asked(host, host, port, schemePort);
        }

        static Asked of(String name) {
            int colon = name.lastIndexOf(':');
            return new Asked(name, colon < 0 ? name : name.substring(0, colon), NO_URL, NO_URL);
        }

        boolean isUrl() {
            return schemePort != NO_URL;
        }
    }
}
