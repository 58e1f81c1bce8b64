package io.clusterset.discovery;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is left of a service while the library is switched off: each pick asks the system's resolver for home's name, on the
 * caller's thread, and takes the addresses in its order, as an application without the library does. No tiers, no verdicts, no
 * memory of its own. A list of endpoints is taken as it is: no resolver knows it. Thread-safe.
 */
final class SystemPicker implements Picker {

    static final String TIER = "system";

    private static final String OFF = "discovery.enabled=false: the system's resolver answers";
    private static final String NOT_YET =
            "switched on again, and no tier could be resolved yet: the system's resolver answers";
    private static final String OFF_WITH_LIST = "discovery.enabled=false: the list is taken as it is";

    private final ServiceName service;
    private final Tier home;
    private final OptionalInt portBefore;
    private final Supplier<Plan> plan;
    private final SystemResolver resolver;
    private final Ticker ticker;

    /**
     * With what is left.
     *
     * @param portBefore what a named port was translated to, if all endpoints had the same: the system's resolver can't
     */
    SystemPicker(ServiceName service, Tier home, OptionalInt portBefore, Stages stages) {
        this.service = service;
        this.home = home;
        this.portBefore = portBefore;
        this.plan = stages.plan();
        this.resolver = stages.system();
        this.ticker = stages.ticker();
    }

    /** For the one that takes its place. */
    OptionalInt portBefore() {
        return portBefore;
    }

    @Override
    public Candidate pick() {
        return ordered().get(0);
    }

    @Override
    public Candidate pick(Affinity affinity) {
        List<Candidate> all = new ArrayList<>(ordered());
        all.sort(Comparator.comparing(candidate -> candidate.endpoint().authority())); // the resolver shuffles
        return all.get(Math.floorMod(affinity.hashCode(), all.size()));
    }

    @Override
    public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        try {
            return candidates().stream()
                    .filter(candidate -> !tried.contains(candidate.endpoint().socketAddress()))
                    .findFirst();
        } catch (UnknownHostException gone) {
            return Optional.empty();
        }
    }

    @Override
    public List<Candidate> ordered() {
        try {
            return candidates();
        } catch (UnknownHostException unknown) {
            throw new ResolutionException(service + ": could not be resolved (" + why() + ": " + why(unknown) + ")");
        }
    }

    /** What {@code explain} is made of; asks the resolver. */
    Decision decision() {
        long now = ticker.nanos();
        Resolution answer;
        List<Candidate> found = List.of();
        try {
            found = candidates();
            answer = new Resolution.Found(endpoints(found), Duration.ZERO, evidence(""));
        } catch (UnknownHostException unknown) {
            answer = new Resolution.Unknown(List.of(), Duration.ZERO, evidence(why(unknown)));
        }
        TierView view = new TierView(TIER, answer, now, now, endpoints(found), List.of());
        int percent = found.isEmpty() ? 0 : 100;
        TierLoad load = new TierLoad(TIER, percent, percent, percent, false, why());
        return new Decision(
                new Snapshot(service, now, List.of(view)),
                List.of(new Decision.Tier(view, load, found, List.of())),
                notes(),
                List.of(
                        plan.get().enabled()
                                ? "calls go by the tiers again as soon as one of them is resolved"
                                : "calls go by the tiers again once discovery.enabled is true: it is looked at 4 times a second"));
    }

    private String why() {
        if (plan.get().enabled()) {
            return NOT_YET;
        }
        return isList() ? OFF_WITH_LIST : OFF;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>(List.of("no failover, no health checks, no cache of ours"));
        if (service.port() instanceof Port.Named named && home.port().isEmpty()) {
            notes.add("the system's resolver can't look up the port named " + named.name() + ": " + port() + " is taken"
                    + (portBefore.isPresent() ? ", as before" : " (discovery.default-port)"));
        }
        return notes;
    }

    private int port() {
        if (home.port().isPresent()) {
            return home.port().getAsInt();
        }
        if (service.port() instanceof Port.Number said) {
            return said.number();
        }
        int byDefault = plan.get().defaultPort();
        return service.port() instanceof Port.Named ? portBefore.orElse(byDefault) : byDefault;
    }

    private static List<Endpoint> endpoints(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::endpoint).toList();
    }

    private Evidence evidence(String detail) {
        return new Evidence(isList() ? List.of() : List.of(name()), "", "", detail, List.of());
    }

    /** The JDK gives its reason the first time; while it remembers the failure, the name alone. */
    private String why(UnknownHostException unknown) {
        String text = String.valueOf(unknown.getMessage());
        return text.equals(name()) ? "unknown host " + text : text;
    }

    private boolean isList() {
        return home.answeredBy() == Tier.AnsweredBy.LIST;
    }

    private List<Candidate> candidates() throws UnknownHostException {
        List<Endpoint> endpoints = isList()
                ? home.endpoints()
                : resolver.addresses(name()).stream().map(this::endpoint).toList();
        return endpoints.stream()
                .map(endpoint -> new Candidate(
                        endpoint.withTier(TIER), Verdict.UNKNOWN, Candidate.Use.IN_TURN, 1, Outcomes.NOBODY))
                .toList();
    }

    private Endpoint endpoint(InetAddress address) {
        return Endpoint.of(address, port());
    }

    /** As an application would ask: home's name, written out. */
    private String name() {
        return home.isNamed()
                ? home.question(service).orElseThrow().name()
                : service.service() + "." + service.namespace();
    }
}
