package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class ListenersTest {

    private static final Verdict SUSPECT = new Verdict(Verdict.State.SUSPECT, "refused");
    private static final Verdict UNHEALTHY = new Verdict(Verdict.State.UNHEALTHY, "refused");

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final Executor later = tasks::add;
    private final Listeners listeners = new Listeners(List.of(event -> told.add(event.toString())), later);

    private static Event load(String service, int local) {
        return new Event.LoadChanged(service, List.of(new TierLoad("local", local, local, local, false, "")));
    }

    private void callbacksRun() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void aSlowListenerHearsTheLastWordOfEachThing() {
        listeners.accept(load("orders.shop", 100));
        listeners.accept(load("carts.shop", 100));
        listeners.accept(load("orders.shop", 50));
        listeners.accept(load("orders.shop", 0));
        callbacksRun();
        assertThat(told).containsExactly("orders.shop: load local 0 %", "carts.shop: load local 100 %");
        assertThat(listeners.untold()).isEqualTo(2);
    }

    @Test
    void aVerdictThatChangedTwiceIsToldFromItsFirstToItsLast() {
        listeners.accept(new Event.VerdictChanged("10.0.0.1:80", Verdict.HEALTHY, SUSPECT));
        listeners.accept(new Event.VerdictChanged("10.0.0.1:80", SUSPECT, UNHEALTHY));
        callbacksRun();
        assertThat(told).containsExactly("10.0.0.1:80: healthy -> unhealthy: refused");
    }

    @Test
    void whatIsThereAndBackAgainIsNotTold() {
        listeners.accept(new Event.VerdictChanged("10.0.0.1:80", Verdict.HEALTHY, SUSPECT));
        listeners.accept(new Event.VerdictChanged("10.0.0.1:80", SUSPECT, Verdict.HEALTHY));
        callbacksRun();
        assertThat(told).isEmpty();
        assertThat(listeners.untold()).isEqualTo(2);
    }

    @Test
    void whoChangesAllTheTimeDoesNotKeepOthersFromTheirTurn() {
        listeners.accept(load("busy.shop", 0));
        listeners.accept(load("quiet.shop", 0));
        for (int i = 1; i < 100; i++) {
            listeners.accept(load("busy.shop", i));
            listeners.accept(load("quiet.shop", i));
        }
        callbacksRun();
        assertThat(told).containsExactly("busy.shop: load local 99 % shed 1 %", "quiet.shop: load local 99 % shed 1 %");
    }

    @Test
    void aTaskThatIsRejectedSilencesNobody() {
        boolean[] rejecting = {true};
        Listeners lent = new Listeners(List.of(event -> told.add(event.subject())), task -> {
            if (!rejecting[0]) {
                task.run();
            }
        });
        lent.accept(load("a.shop", 0));
        rejecting[0] = false;
        lent.accept(load("b.shop", 0));
        assertThat(told).containsExactly("a.shop", "b.shop");
    }

    @Test
    void whatIsSaidOnceIsNeverMergedAway() {
        listeners.accept(new Event.Trouble("orders.shop", "one"));
        listeners.accept(new Event.Trouble("orders.shop", "two"));
        listeners.accept(new Event.Drill("local", "forced to 0 %"));
        listeners.accept(new Event.Drill("local", "ended"));
        callbacksRun();
        assertThat(told).hasSize(4);
    }

    @Test
    void aListenerThatHangsCostsAThousandEventsAndIsToldHowManyItMissed() {
        for (int i = 0; i < 1_500; i++) {
            listeners.accept(load("s" + i + ".shop", 100));
        }
        callbacksRun();
        assertThat(told)
                .hasSize(1_001)
                .last()
                .isEqualTo("500 events were left out, since a listener is too slow (expected: at most 1000 wait)");
        assertThat(listeners.untold()).isEqualTo(500);
        listeners.accept(load("orders.shop", 0));
        callbacksRun();
        assertThat(told).hasSize(1_002);
    }

    @Test
    void oneThatThrowsIsToldOnAndSoAreTheOthers() {
        Listeners two = new Listeners(
                List.of(
                        event -> {
                            throw new IllegalStateException("broken\nlistener");
                        },
                        event -> told.add(event.toString())),
                later);
        two.accept(load("orders.shop", 0));
        two.accept(load("carts.shop", 0));
        callbacksRun();
        assertThat(told).hasSize(2);
    }

    @Test
    void whatAListenerCausesIsToldAfterwards() {
        List<Listeners> own = new ArrayList<>();
        List<String> heard = new ArrayList<>();
        own.add(new Listeners(
                List.of(event -> {
                    heard.add(event.subject());
                    if (event.subject().equals("a.shop")) {
                        own.get(0).accept(load("b.shop", 0));
                    }
                }),
                Runnable::run));
        own.get(0).accept(load("a.shop", 0));
        assertThat(heard).containsExactly("a.shop", "b.shop");
    }
}
