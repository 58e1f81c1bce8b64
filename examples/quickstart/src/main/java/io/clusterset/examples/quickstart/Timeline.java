package io.clusterset.examples.quickstart;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells what goes on while it goes on: a line for each interval, and one for each event. Thread-safe. */
final class Timeline {

    private static final String TITLES =
            "     time  local              clusterset         verdicts  calls failed     p50    p99  local only";

    private final PrintStream out;
    private final Style style;
    private final Clusters clusters;
    private int plainMade; // guarded by this, as is the one below
    private int plainFailed;

    Timeline(PrintStream out, Style style, Clusters clusters) {
        this.out = out;
        this.style = style;
        this.clusters = clusters;
    }

    /** What is about to be seen. */
    synchronized void preface(Plan plan) {
        say(style.bold("Two clusters on 127.0.0.1, " + Traffic.CALLS_PER_SECOND + " calls/s to " + Clusters.SERVICE
                + " for " + shown(plan.length())));
        surroundings(plan);
        say("The local endpoints are killed at %s and come back at %s.", shown(plan.killAt()), shown(plan.restoreAt()));
        say("Last column: a client beside it that knows only cluster.local and tries every endpoint named there.");
        say("Verdicts, one sign for each endpoint: + healthy  ? unknown, not tried yet  ~ suspect  x unhealthy");
        say("");
        say(style.bold(TITLES));
    }

    /** Who is where, and what is shorter than in production. */
    synchronized void surroundings(Plan plan) {
        say("  local       cluster.local     %s", names(clusters.local()));
        say("  clusterset  clusterset.local  %s", names(clusters.remote()));
        say("                                and the local ones once more, as in reality: they belong to local");
        say("  DNS         %s, which goes on naming endpoints that are dead", clusters.dnsAddress());
        say("");
        say(
                "Shortened for the demo: dwell %s +- 20 %% (in production 30 s), steps of the return %s apart (20 s),",
                shown(plan.dwell()), shown(plan.stepInterval()));
        say("probes of unhealthy endpoints %s apart (5 s). All else has its default.", shown(plan.probeInterval()));
        say("");
    }

    /** One interval is over. */
    synchronized void interval(long now, Decision decision, List<CallLog.Entry> calls, PlainClient plain) {
        long failed = calls.stream().filter(CallLog.Entry::failed).count();
        String failures = String.format(Locale.ROOT, "%6d", failed);
        say(
                "%7.2f s  %s  %s  %-8s  %5d %s  %4.1f ms %3.0f ms  %s",
                Stopwatch.seconds(now),
                load(decision, "local"),
                load(decision, "clusterset"),
                verdicts(decision),
                calls.size(),
                failed == 0 ? failures : style.red(failures),
                CallLog.percentile(calls, 50),
                CallLog.percentile(calls, 99),
                plain(plain));
    }

    /** Something happened to the library. */
    synchronized void event(History.Timed timed) {
        if (timed.at() >= 0) {
            say(
                    "%s",
                    style.dim(String.format(
                            Locale.ROOT, "%7.2f s    %s", Stopwatch.seconds(timed.at()), told(timed.event()))));
        }
    }

    /** Something was done to the clusters. */
    synchronized void deed(long now, String what) {
        say("%s", style.yellow(String.format(Locale.ROOT, "%7.2f s  > %s", Stopwatch.seconds(now), what)));
    }

    /** {@code 7.5 s}, {@code 200 ms}. */
    static String shown(Duration time) {
        return time.toMillis() < 1000
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0).replace(".0 s", " s");
    }

    private String told(Event event) {
        if (event instanceof Event.VerdictChanged change) {
            return clusters.nameOf(change.subject()) + ": "
                    + change.from().state().word() + " -> " + change.to();
        } else if (event instanceof Event.LoadChanged change) {
            return change.subject() + ": load "
                    + change.loads().stream()
                            .map(load -> load.tier() + " " + load.percent() + " %")
                            .collect(Collectors.joining(", "))
                    + change.loads().stream()
                            .limit(1)
                            .map(TierLoad::reason)
                            .map(reason -> reason.isEmpty() ? "" : " (local: " + reason + ")")
                            .collect(Collectors.joining());
        }
        return event.toString();
    }

    private String load(Decision decision, String tier) {
        int percent = decision.tiers().stream()
                .map(Decision.Tier::load)
                .filter(load -> load.tier().equals(tier))
                .mapToInt(TierLoad::percent)
                .sum();
        String bar = style.bar(percent);
        return String.format(
                Locale.ROOT, "%s %3d %%", tier.equals("local") ? style.green(bar) : style.cyan(bar), percent);
    }

    private static String verdicts(Decision decision) {
        return decision.tiers().stream()
                .map(tier -> tier.candidates().stream().map(Timeline::sign).collect(Collectors.joining()))
                .collect(Collectors.joining(" "));
    }

    private static String sign(Candidate candidate) {
        return switch (candidate.verdict().state()) {
            case HEALTHY -> "+";
            case UNKNOWN -> "?";
            case SUSPECT -> "~";
            case UNHEALTHY -> "x";
        };
    }

    private String plain(PlainClient plain) {
        int made = plain.made() - plainMade;
        int failed = plain.failed() - plainFailed;
        plainMade += made;
        plainFailed += failed;
        int worked = made - failed;
        return failed == 0 ? worked + " ok" : style.red(failed + " failed");
    }

    private static String names(List<FakeEndpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> endpoint.name() + " :" + endpoint.port())
                .collect(Collectors.joining("  "));
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
