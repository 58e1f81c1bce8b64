package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import java.util.List;

/**
 * What the first line of a watch has told: the events that led there need not be told again. They are heard on another
 * thread, some of them a moment after the decision that they led to. Used by one thread.
 */
final class Told {

    private final Decision first;
    private boolean over;

    Told(Decision first) {
        this.first = first;
    }

    /** Whether the first line has told this. */
    boolean has(EventFeed.Heard heard) {
        Event event = heard.event();
        boolean apart =
                event instanceof Event.Drill || event instanceof Event.Reloaded || event instanceof Event.Trouble;
        if (apart || over) {
            return false;
        }
        over = heard.nanos() - first.snapshot().takenAt() > 0 && !saysTheSame(event);
        return !over;
    }

    private boolean saysTheSame(Event event) {
        if (event instanceof Event.Answered answered) {
            return first.tiers().stream()
                    .anyMatch(tier -> tier.load().tier().equals(answered.tier())
                            && tier.view().resolution().equals(answered.resolution()));
        }
        return event instanceof Event.LoadChanged changed
                && percents(changed.loads())
                        .equals(percents(
                                first.tiers().stream().map(Decision.Tier::load).toList()));
    }

    private static List<Integer> percents(List<TierLoad> loads) {
        return loads.stream().map(TierLoad::percent).toList();
    }
}
