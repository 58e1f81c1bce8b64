package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.TierLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A drill of one tier, with calls before, during and after it. */
final class Rehearsal {

    /**
     * What is to be done.
     *
     * @param tier the tier to force
     * @param percent to this share
     * @param time for so long
     * @param get what to get in each phase, if anything
     * @param calls how often
     */
    record Plan(String tier, int percent, Duration time, Optional<HttpGet> get, LoadRunner.Plan calls) {}

    private final Discovery discovery;
    private final Service service;
    private final Duration timeout;
    private final Plan plan;
    private final SwitchLog switches;
    private final DrillLog log;

    Rehearsal(Discovery discovery, Service service, Duration timeout, Plan plan, SwitchLog switches, DrillLog log) {
        this.discovery = discovery;
        this.service = service;
        this.timeout = timeout;
        this.plan = plan;
        this.switches = switches;
        this.log = log;
    }

    /** Does it, and tells a person how it goes. */
    DrillReport run(Consumer<List<String>> tell) {
        tell.accept(DrillReport.head(service.toString(), plan));
        List<DrillReport.Phase> phases = new ArrayList<>();

        Decision before = examine(CommonOptions.probes(discovery));
        tell.accept(DrillReport.load("before", before));
        phases.add(phase("before", before, calls(plan.calls(), tell)));

        Discovery.Drill drill = discovery.drill(plan.tier(), plan.percent(), plan.time());
        Decision during = examine(false);
        tell.accept(DrillReport.load("during", during));
        log.began(loads(during));
        Optional<LoadReport> calls = Optional.empty();
        if (!log.suspended()) {
            calls = calls(plan.calls().within(plan.time()), tell);
            log.awaitEnd(plan.time());
        } else if (plan.get().isPresent()) {
            tell.accept(DrillReport.noCalls());
        }
        drill.close();
        phases.add(new DrillReport.Phase("during", log.loads(), during.next(), calls));

        Decision after = examine(false);
        tell.accept(DrillReport.load("after", after));
        phases.add(phase("after", after, log.suspended() ? Optional.empty() : calls(plan.calls(), tell)));
        return new DrillReport(service.toString(), plan, phases, log.suspended(), log.outage());
    }

    private Decision examine(boolean probe) {
        return Examination.of(discovery, service, probe, timeout).explanation().decision();
    }

    private static DrillReport.Phase phase(String name, Decision decision, Optional<LoadReport> calls) {
        return new DrillReport.Phase(name, loads(decision), decision.next(), calls);
    }

    private static List<TierLoad> loads(Decision decision) {
        return decision.tiers().stream().map(Decision.Tier::load).toList();
    }

    private Optional<LoadReport> calls(LoadRunner.Plan calls, Consumer<List<String>> tell) {
        Optional<LoadReport> report = plan.get().map(get -> calls(calls, get));
        report.ifPresent(made -> tell.accept(DrillReport.calls(made)));
        return report;
    }

    private LoadReport calls(LoadRunner.Plan calls, HttpGet get) {
        List<String> tiers = discovery.tiers(service.name()).stream()
                .map(tier -> tier.name())
                .toList();
        Tally tally = new Tally(calls.count(), tiers);
        Getter getter = get.through(service, timeout);
        long start = new LoadRunner(service, getter, calls, tally).run(() -> {});
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new LoadReport(service, tally, getter.attempts(), switches.since(start), start, took);
    }
}
