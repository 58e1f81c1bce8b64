package io.clusterset.discovery;

import io.clusterset.discovery.balance.BalanceOptions;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.balance.Subset;
import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.NameOptions;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Eligibility;
import io.clusterset.discovery.topology.Here;
import io.clusterset.discovery.topology.Places;
import io.clusterset.discovery.topology.TopologyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that can be set, as it holds from one reload to the next. Replaced as a whole, never edited: whoever reads two things from
 * one plan gets two that belong together.
 *
 * @param settings what it was made from, besides what the application said
 * @param enabled whether the library does its work; if not, the system resolver answers
 * @param naming names and tiers
 * @param defaultPort the port of endpoints when nobody says one
 * @param names which names adapters take for services
 * @param domains of the cluster and of the cluster set
 * @param here where this process runs, as the settings say
 * @param places where endpoints run; the same object while it says the same
 * @param subset which part of large tiers this process keeps to; empty for all of it
 * @param services what single services have of their own, by {@code orders.shop}
 * @param provenance every setting of the discovery, and who said so, in the order of the settings
 * @param ofServices the same for single services, without what nobody said
 */
record Plan(
        Settings settings,
        boolean enabled,
        Naming naming,
        int defaultPort,
        NameOptions names,
        DnsOptions dns,
        Domains domains,
        KubernetesOptions kubernetes,
        CacheOptions cache,
        HealthOptions health,
        FailoverOptions failover,
        BudgetOptions budget,
        TopologyOptions topology,
        BalanceOptions balance,
        Here here,
        Places places,
        Optional<Subset> subset,
        Map<String, ServiceOptions> services,
        List<Provenance> provenance,
        Map<String, List<Provenance>> ofServices) {

    Plan {
        services = Map.copyOf(services);
        provenance = List.copyOf(provenance);
        ofServices = Map.copyOf(ofServices);
    }

    /**
     * Of the names of this cluster and of those of the cluster set.
     *
     * @param cluster such as {@code cluster.local}
     * @param clusterset such as {@code clusterset.local}
     */
    record Domains(String cluster, String clusterset) {
        boolean has(String domain) {
            return domain.equals(cluster) || domain.equals(clusterset);
        }
    }

    /** The same in all else. */
    Plan switched(Settings from, boolean on, List<Provenance> told) {
        return new Plan(
                from,
                on,
                naming,
                defaultPort,
                names,
                dns,
                domains,
                kubernetes,
                cache,
                health,
                failover,
                budget,
                topology,
                balance,
                here,
                places,
                subset,
                services,
                told,
                ofServices);
    }

    Balancer balancer(ServiceName name) {
        return own(name).flatMap(ServiceOptions::balancer).orElse(balance.balancer());
    }

    Eligibility eligibility(ServiceName name) {
        return new Eligibility(own(name).flatMap(ServiceOptions::topology).or(topology::policy));
    }

    /** How the endpoints of this service are probed, if not as all others are. */
    Optional<Probe> probe(ServiceName name) {
        return own(name).flatMap(ServiceOptions::probe);
    }

    /** The tiers that look the service up now; those that did before, if none does any more. */
    List<Tier> tiers(ServiceName name, List<Tier> before) {
        try {
            return naming.tiers(name);
        } catch (IllegalArgumentException nowhere) {
            return before;
        }
    }

    /** What somebody said of this service or of all. */
    List<Provenance> said(ServiceName name) {
        List<Provenance> said = new ArrayList<>(provenance);
        said.removeIf(Provenance::isDefault);
        said.addAll(ofServices.getOrDefault(key(name), List.of()));
        return said;
    }

    private Optional<ServiceOptions> own(ServiceName name) {
        return Optional.ofNullable(services.get(key(name)));
    }

    /** However the name is written: in one tier or in all. */
    private static String key(ServiceName name) {
        return name.service() + "." + name.namespace();
    }
}
