package io.clusterset.discovery.model;

import java.util.Map;

/**
 * What many endpoints of an answer have in common, kept once for all of them.
 *
 * @param scope the numeric scope of an IPv6 address; 0 for none
 */
record Traits(
        String tier,
        String cluster,
        Locality locality,
        int priority,
        Map<String, String> labels,
        Condition condition,
        Hints hints,
        Traffic traffic,
        int scope) {

    static final Traits NONE =
            new Traits("", "", Locality.UNKNOWN, 0, Map.of(), Condition.READY, Hints.NONE, Traffic.ANY, 0);

    Traits {
        labels = Map.copyOf(labels);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // as a rule it is the same, and thousands are compared
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Traits that
                        && priority == that.priority
                        && scope == that.scope
                        && condition == that.condition
                        && traffic == that.traffic
                        && tier.equals(that.tier)
                        && cluster.equals(that.cluster)
                        && locality.equals(that.locality)
                        && labels.equals(that.labels)
                        && hints.equals(that.hints));
    }

    @Override
    public int hashCode() {
        int place = locality.zone().hashCode() * 31 + locality.node().hashCode();
        int whose = tier.hashCode() * 31 + cluster.hashCode();
        return (whose * 31 + place) * 31
                + labels.hashCode(); // no more: it is asked often; no less: each pod may have its own
    }

    Traits tier(String name) {
        return tier.equals(name)
                ? this
                : new Traits(name, cluster, locality, priority, labels, condition, hints, traffic, scope);
    }

    Traits cluster(String id) {
        return cluster.equals(id)
                ? this
                : new Traits(tier, id, locality, priority, labels, condition, hints, traffic, scope);
    }

    Traits locality(Locality place) {
        return locality.equals(place)
                ? this
                : new Traits(tier, cluster, place, priority, labels, condition, hints, traffic, scope);
    }

    Traits priority(int place) {
        return priority == place
                ? this
                : new Traits(tier, cluster, locality, place, labels, condition, hints, traffic, scope);
    }

    Traits labels(Map<String, String> all) {
        return labels.equals(all)
                ? this
                : new Traits(tier, cluster, locality, priority, all, condition, hints, traffic, scope);
    }

    Traits condition(Condition now) {
        return condition == now
                ? this
                : new Traits(tier, cluster, locality, priority, labels, now, hints, traffic, scope);
    }

    Traits hints(Hints given) {
        return hints.equals(given)
                ? this
                : new Traits(tier, cluster, locality, priority, labels, condition, given, traffic, scope);
    }

    Traits traffic(Traffic wanted) {
        return traffic == wanted
                ? this
                : new Traits(tier, cluster, locality, priority, labels, condition, hints, wanted, scope);
    }

    Traits scope(int number) {
        return scope == number
                ? this
                : new Traits(tier, cluster, locality, priority, labels, condition, hints, traffic, number);
    }
}
