package io.clusterset.examples.quickstart;

import io.clusterset.discovery.observe.Explanation;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;

/** Says at the end what happened and why. */
final class Summary {

    private final PrintStream out;
    private final Style style;

    Summary(PrintStream out, Style style) {
        this.out = out;
        this.style = style;
    }

    void print(
            Report report,
            List<Story.Moment> story,
            PlainClient plain,
            Explanation duringOutage,
            Explanation atTheEnd) {
        title("What happened");
        numbers(report);
        title("When and why");
        story.forEach(moment -> say("%9.3f s  %s", Stopwatch.seconds(moment.at()), moment.what()));
        title("The same with the local name only");
        say(
                "  A client that knows only cluster.local, and tries every endpoint named there, made %,d calls",
                plain.made());
        say(
                "  meanwhile: %,d failed. The name went on existing, so nothing sent it to clusterset.local.",
                plain.failed());
        title("What explain() said during the outage");
        duringOutage
                .toString()
                .lines()
                .takeWhile(line -> !line.equals("  recently"))
                .forEach(line -> say("  %s", line));
        title("What explain() says now");
        atTheEnd.toString().lines().forEach(line -> say("  %s", line));
        say("");
        say("%s", verdict(report));
    }

    private void numbers(Report report) {
        LongSummaryStatistics moved = report.calls().stream()
                .filter(call -> call.attempts() > 1)
                .mapToLong(CallLog.Entry::latency)
                .summaryStatistics();
        say(
                "  %,d calls, %,d failed. %,d were served by local, %,d by clusterset.",
                report.calls().size(), report.failures(), report.servedBy("local"), report.servedBy("clusterset"));
        say(
                "  %,d attempts: %,d calls met a dead endpoint and went on to another one%s.",
                report.attempts(), moved.getCount(), slowest(moved));
        say(
                "  Latency p50 %.1f ms, p99 %.1f ms, max %.0f ms, counted from when each call was due.",
                report.latency(50), report.latency(99), report.latency(100));
    }

    private static String slowest(LongSummaryStatistics moved) {
        return moved.getCount() == 0 ? "" : ", the slowest in " + Math.round(Stopwatch.millis(moved.getMax())) + " ms";
    }

    private String verdict(Report report) {
        return report.missing().isEmpty()
                ? style.green("No call failed, and traffic went local -> clusterset -> local.")
                : style.red("Not as it should be:");
    }

    private void title(String text) {
        say("");
        say("%s", style.bold(text));
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
