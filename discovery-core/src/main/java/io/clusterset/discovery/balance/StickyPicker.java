package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same endpoint each time, until an attempt at it fails, it is not among those in use any more, or nobody asked for long.
 * The pin has a key for the whole of its life that says which tier it is in, as an affinity's key does: so of many processes
 * those move with each step of a tier's load that should, and not all of them with the last.
 */
final class StickyPicker implements Picker {

    private final Decision decision;
    private final Turns turns;
    private final Ticker ticker;
    private final Pin pin;
    private final Elsewhere elsewhere;
    private final Ring ring; // of the portion that the pin's key belongs to

    /** Where the pin was when this picker last looked. */
    private volatile @Nullable Candidate last;

    private StickyPicker(Decision decision, Turns turns, Ticker ticker, Pin pin) {
        this.decision = decision;
        this.turns = turns;
        this.ticker = ticker;
        this.pin = pin;
        this.elsewhere = new Elsewhere(decision, decision.portions(), turns.look());
        List<Decision.Portion> portions = decision.portions();
        this.ring = new Ring(List.of(portions.get(Elsewhere.portionOf(pin.key(), portions))));
    }

    static Picker of(Balancer.Rebuild rebuild, Duration idle) {
        if (rebuild.decision().portions().isEmpty()) {
            return new EmptyPicker(rebuild.decision());
        }
        Optional<StickyPicker> before = rebuild.before()
                .filter(picker -> picker instanceof StickyPicker)
                .map(picker -> (StickyPicker) picker);
        Pin pin = before.map(picker -> picker.pin)
                .orElseGet(() -> new Pin(rebuild.random().nextInt(), idle));
        Turns turns = before.map(picker -> picker.turns)
                .orElseGet(() -> new Turns(rebuild.random().nextInt()));
        return new StickyPicker(pinned(rebuild.decision(), pin), turns, rebuild.ticker(), pin);
    }

    private static Decision pinned(Decision decision, Pin pin) {
        List<Decision.Tier> tiers = new ArrayList<>(decision.tiers().size());
        for (Decision.Tier tier : decision.tiers()) {
            List<Candidate> candidates = new ArrayList<>(tier.candidates().size());
            for (Candidate candidate : tier.candidates()) {
                candidates.add(candidate.withOutcomes(new Pinned(candidate.outcomes(), pin)));
            }
            tiers.add(new Decision.Tier(tier.view(), tier.load(), candidates, tier.excluded()));
        }
        return new Decision(decision.snapshot(), tiers, decision.notes(), decision.next(), decision.returning());
    }

    @Override
    public Candidate pick() {
        long now = ticker.nanos();
        Candidate candidate = last;
        if (candidate != null && pin.isAt(to(candidate), now)) {
            pin.use(now);
            return candidate;
        }
        synchronized (pin) { // all threads move to the same one
            int index = find(now);
            Candidate found = ring.candidate(index >= 0 ? index : draw());
            pin.move(to(found), now);
            last = found;
            return found;
        }
    }

    private static Outcomes to(Candidate candidate) {
        return ((Pinned) candidate.outcomes()).to();
    }

    private int find(long now) {
        for (int i = 0; i < ring.size(); i++) {
            if (pin.isAt(to(ring.candidate(i)), now)) {
                return i;
            }
        }
        return -1;
    }

    private int draw() {
        int point = Elsewhere.mix(turns.next());
        int drawn = ring.at(point);
        return pin.justFailed(to(ring.candidate(drawn)))
                ? ring.otherThan(drawn, Elsewhere.mix(point + Turns.GOLDEN))
                : drawn;
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
        return elsewhere.ordered(pick());
    }
}
