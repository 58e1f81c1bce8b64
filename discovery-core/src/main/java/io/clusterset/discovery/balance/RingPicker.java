package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Goes round the {@link Ring}: in turn, or at random. Tiers, weights, verdicts and zones are all folded into the ring, so a
 * pick is a turn and a look.
 */
final class RingPicker implements Picker {

    private final List<Decision.Portion> portions;
    private final Turns turns;
    private final boolean random;
    private final Elsewhere elsewhere;
    private final Ring ring;

    RingPicker(Decision decision, Turns turns, boolean random) {
        this.turns = turns;
        this.random = random;
        this.portions = decision.portions();
        this.elsewhere = new Elsewhere(decision, portions, turns.look());
        this.ring = new Ring(portions);
    }

    static Picker of(Balancer.Rebuild rebuild, boolean random) {
        if (rebuild.decision().portions().isEmpty()) {
            return new EmptyPicker(rebuild.decision());
        }
        Turns turns = rebuild.before()
                .filter(before -> before instanceof RingPicker)
                .map(before -> ((RingPicker) before).turns)
                .orElseGet(() -> new Turns(rebuild.random().nextInt()));
        return new RingPicker(rebuild.decision(), turns, random);
    }

    @Override
    public Candidate pick() {
        int turn = turns.next();
        Optional<Candidate> trial = elsewhere.trial(turn);
        return trial.isPresent() ? trial.get() : at(turn);
    }

    private Candidate at(int turn) {
        return ring.candidate(random ? ring.at(Elsewhere.mix(turn)) : ring.inTurn(turn));
    }

    @Override
    public Candidate pick(Affinity affinity) {
        return Elsewhere.of(affinity, portions);
    }

    @Override
    public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        return elsewhere.another(tried, leaving);
    }

    @Override
    public List<Candidate> ordered() {
        // no trial: its permits are for attempts, and this is none
        return elsewhere.ordered(at(turns.next()));
    }
}
