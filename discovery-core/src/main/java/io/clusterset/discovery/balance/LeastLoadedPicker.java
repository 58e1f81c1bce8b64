package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The less loaded of two that are drawn by weight, both of one tier, so that the tiers' loads stay what was decided.
 *
 * <p>To draw two different ones distorts weights: of two endpoints with weights 1 and 99 both are always drawn. So where
 * weights differ, the second one is preferred only as often as it is likelier to be drawn first, and two of equal load are
 * picked by weight exactly. Load counts in relation to weight too.
 */
final class LeastLoadedPicker implements Picker {

    private final Decision decision;
    private final Turns turns;
    private final Function<Outcomes, Gauge> fresh; // with what all gauges share
    private final Elsewhere elsewhere;
    private final Ring ring;
    private final Gauge[] gauges; // as in the ring
    private final float[] lightness; // as Gauge.load has it; empty if all weights are equal
    private final float[] rest; // the part of its tier's weight that is not its own; empty likewise

    private LeastLoadedPicker(Decision decision, Turns turns, Function<Outcomes, Gauge> fresh) {
        this.decision = decision;
        this.turns = turns;
        this.fresh = fresh;
        this.elsewhere = new Elsewhere(decision, decision.portions(), turns.look());
        List<Decision.Portion> portions = decision.portions();
        this.ring = new Ring(portions);
        this.gauges = new Gauge[ring.size()];
        for (int i = 0; i < gauges.length; i++) {
            gauges[i] = Gauges.gauge(ring.candidate(i));
        }
        boolean even = portions.stream()
                .allMatch(portion -> portion.candidates().stream()
                                .mapToDouble(Candidate::weight)
                                .distinct()
                                .count()
                        == 1);
        this.lightness = new float[even ? 0 : gauges.length];
        this.rest = new float[even ? 0 : gauges.length];
        if (!even) {
            weigh(portions);
        }
    }

    private void weigh(List<Decision.Portion> portions) {
        int i = 0;
        for (Decision.Portion portion : portions) {
            double sum = 0;
            for (Candidate candidate : portion.candidates()) {
                sum += candidate.weight();
            }
            double mean = sum / portion.candidates().size();
            for (Candidate candidate : portion.candidates()) {
                lightness[i] = (float) (mean / candidate.weight());
                rest[i] = (float) ((sum - candidate.weight()) / sum);
                i++;
            }
        }
    }

    /** By open attempts. */
    static Picker byOpen(Balancer.Rebuild rebuild) {
        return of(rebuild, () -> OpenGauge::new);
    }

    /** By latency and open attempts. */
    static Picker byLatency(Balancer.Rebuild rebuild, Duration constant) {
        return of(rebuild, () -> {
            Decay decay = Decay.from(rebuild.ticker(), constant);
            return to -> new LatencyGauge(to, decay);
        });
    }

    private static Picker of(Balancer.Rebuild rebuild, Supplier<Function<Outcomes, Gauge>> first) {
        if (rebuild.decision().portions().isEmpty()) {
            return new EmptyPicker(rebuild.decision());
        }
        Optional<LeastLoadedPicker> before = rebuild.before()
                .filter(picker -> picker instanceof LeastLoadedPicker)
                .map(picker -> (LeastLoadedPicker) picker);
        Function<Outcomes, Gauge> fresh = before.map(picker -> picker.fresh).orElseGet(first);
        Decision gauged = Gauges.over(
                rebuild.decision(), before.map(picker -> picker.decision), (tier, gauge) -> true, tier -> fresh);
        Turns turns = before.map(picker -> picker.turns)
                .orElseGet(() -> new Turns(rebuild.random().nextInt()));
        return new LeastLoadedPicker(gauged, turns, fresh);
    }

    @Override
    public Candidate pick() {
        int turn = turns.next();
        Optional<Candidate> trial = elsewhere.trial(turn);
        return trial.isPresent() ? trial.get() : ring.candidate(lessLoaded(turn));
    }

    private int lessLoaded(int turn) {
        int point = Elsewhere.mix(turn);
        int again = Elsewhere.mix(point + Turns.GOLDEN);
        int first = ring.at(point);
        int second = ring.otherThan(first, again);
        boolean less = second != first && load(second) < load(first);
        return less && (rest.length == 0 || isFair(first, second, again)) ? second : first;
    }

    private double load(int index) {
        return gauges[index].load(lightness.length == 0 ? 1 : lightness[index]);
    }

    /** A light one is drawn second to a heavy one far more often than before it: by so much less it is preferred then. */
    private boolean isFair(int first, int second, int point) {
        double chance = Integer.toUnsignedLong(Elsewhere.mix(point + Turns.GOLDEN)) * 0x1p-32;
        return chance * rest[second] < rest[first];
    }

    @Override
    public Candidate pick(Affinity affinity) {
        return Elsewhere.of(affinity, decision.portions());
    }

    @Override
    public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        return elsewhere.another(tried, leaving);
    }

    @Override
    public List<Candidate> ordered() {
        return elsewhere.ordered(ring.candidate(lessLoaded(turns.next())));
    }
}
