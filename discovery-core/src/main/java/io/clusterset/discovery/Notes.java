package io.clusterset.discovery;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.topology.Eligibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is remarkable about a decision, in words: who carries too much or has nowhere to go, what leaves its zone, what DNS can't tell. */
final class Notes {

    private static final String LONE_REMOTE =
            " has a single address: if that is a clusterset VIP, it may lead to home's endpoints too (DNS can't tell)";

    private Notes() {}

    /**
     * Of one decision.
     *
     * @param tiers what is known of them
     * @param eligible who of each may be called
     * @param decided what came of it
     * @param zone the caller's own; empty if it is not known
     */
    static List<String> of(
            ServiceName name,
            List<Decider.Known> tiers,
            List<Eligibility.Eligible> eligible,
            List<Decision.Tier> decided,
            String zone) {
        List<String> notes = ofLoad(decided);
        for (int i = 0; i < decided.size(); i++) {
            String tier = decided.get(i).view().tier();
            eligible.get(i).notes().forEach(note -> notes.add(tier + ": " + note));
            if (!eligible.get(i).notes().isEmpty()) {
                spilled(decided.get(i), zone).ifPresent(note -> notes.add(tier + ": " + note));
            }
        }
        notes.addAll(untranslatedPorts(name, tiers));
        return notes;
    }

    private static List<String> ofLoad(List<Decision.Tier> tiers) {
        List<String> notes = new ArrayList<>();
        if (tiers.stream().anyMatch(tier -> tier.load().panic())) {
            notes.add("panic: the tiers together can't carry the load, so sick endpoints are used too");
        }
        int shed = 100 - tiers.stream().mapToInt(tier -> tier.load().percent()).sum();
        if (shed > 0 && shed < 100) {
            notes.add(shed + " % of the calls fail at once: no tier may take more (max-load)");
        }
        for (Decision.Tier tier : tiers) {
            boolean allSuspect = tier.load().percent() > 0
                    && !tier.load().panic()
                    && tier.candidates().stream().noneMatch(Candidate::isGood);
            if (allSuspect
                    && tiers.stream().anyMatch(other -> other.inUse().stream().anyMatch(Candidate::isGood))) {
                notes.add(tier.load().tier() + " is suspect: its calls go on to the next tier until it is judged");
            }
        }
        boolean onlyHome = tiers.size() > 1
                && tiers.get(0).load().percent() == 100
                && tiers.stream()
                        .skip(1)
                        .allMatch(tier -> tier.view().endpoints().isEmpty()
                                && !(tier.view().resolution() instanceof Resolution.Unknown));
        if (onlyHome) {
            notes.add("no other tier has an endpoint: if " + tiers.get(0).load().tier()
                    + " fails, there is nowhere to go");
        }
        tiers.stream()
                .skip(1)
                .filter(tier -> tier.view().endpoints().size() == 1)
                .filter(tier -> tier.view().endpoints().get(0).cluster().isEmpty()) // else it is known whose it is
                .forEach(tier -> notes.add(tier.load().tier() + LONE_REMOTE));
        return notes;
    }

    /** How much leaves the own zone, where topology would keep it, and what is wrong there. */
    private static Optional<String> spilled(Decision.Tier tier, String zone) {
        double all = 0;
        double near = 0;
        for (Candidate candidate : tier.inUse()) {
            all += candidate.weight();
            near += isIn(zone, candidate) ? candidate.weight() : 0;
        }
        List<Candidate> mine = tier.candidates().stream()
                .filter(candidate -> isIn(zone, candidate))
                .toList();
        long stays = all == 0 ? 100 : Math.round(100 * near / all);
        if (mine.isEmpty() || stays == 100) {
            return Optional.empty();
        }
        long healthy = mine.stream()
                .filter(candidate -> candidate.verdict().countsAsHealthy())
                .count();
        return Optional.of((100 - stays) + " % of its calls leave zone " + Text.safe(zone) + ", where " + healthy
                + " of " + mine.size() + " are healthy");
    }

    private static boolean isIn(String zone, Candidate candidate) {
        return !zone.isEmpty() && candidate.endpoint().locality().zone().equals(zone);
    }

    /** DNS has addresses of pods for a headless service, and the caller the port of the Service: nobody translates. */
    private static List<String> untranslatedPorts(ServiceName name, List<Decider.Known> tiers) {
        if (name.port() instanceof Port.Named) {
            return List.of();
        }
        List<String> several = tiers.stream()
                .filter(known -> known.tier().port().isEmpty() && severalWithoutPort(known.answer()))
                .map(known -> known.tier().name())
                .toList();
        return several.isEmpty()
                ? List.of()
                : List.of(String.join(" and ", several) + (several.size() == 1 ? " has" : " have")
                        + " several addresses and DNS can't translate a Service's port for pods: "
                        + "name the port (" + name.base() + ":NAME) if theirs is another");
    }

    private static boolean severalWithoutPort(Resolution answer) {
        boolean unported =
                !answer.endpoints().isEmpty() && answer.endpoints().get(0).port() == 0; // one like all
        return unported
                && answer.endpoints().stream()
                                .filter(endpoint -> endpoint.port() == 0 && !endpoint.isV6())
                                .limit(2)
                                .count()
                        == 2;
    }
}
