package io.clusterset.examples.cli;

import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.observe.Explanation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A trace for a person: a step after the other, each with the time it was reached. */
final class TraceText {

    private static final int TIME = 10;
    private static final int STEP = 10;
    private static final int SHOWN = 20;

    private final Trace trace;
    private final Explanation explanation;
    private final Decision decision;
    private final Paint paint;
    private final boolean all;
    private final List<String> lines = new ArrayList<>();

    TraceText(Trace trace, Paint paint, boolean all) {
        this.trace = trace;
        this.explanation = trace.examination().explanation();
        this.decision = explanation.decision();
        this.paint = paint;
        this.all = all;
    }

    /** The lines. */
    List<String> lines() {
        lines.addAll(Table.wrap("", decision.service().toString()));
        lines.add("");
        step(Optional.of(Duration.ZERO), "name", trace.name().text());
        String label = "tiers";
        for (Trace.Looked looked : trace.tiers()) {
            step(Optional.empty(), label, looked(looked));
            label = "";
        }
        Optional<Duration> ready = trace.firstPick();
        for (Decision.Tier tier : decision.tiers()) {
            Duration answered = trace.answeredAfter(tier).orElse(trace.answered());
            if (ready.filter(after -> after.compareTo(answered) < 0).isPresent()) {
                ready(ready);
                ready = Optional.empty();
            }
            answer(tier);
        }
        ready(ready);
        probes();
        topology();
        label = "load";
        for (Decision.Tier tier : decision.tiers()) {
            step(
                    Optional.empty(),
                    label,
                    tier.load().tier() + " " + tier.load().percent() + " %: "
                            + tier.load().reason());
            label = "";
        }
        several("notes", decision.notes());
        several("next", decision.next());
        String pick = trace.pick()
                .map(endpoint -> endpoint.authority() + " of " + endpoint.tier() + ", by " + balancer())
                .orElse("nobody");
        step(Optional.of(trace.known()), "pick", pick, trace.pick().isEmpty() ? Tint.BAD : Tint.PLAIN);
        trace.call().ifPresent(this::call);
        lines.add("");
        lines.addAll(Table.wrap(
                "",
                trace.firstPick()
                                .map(after -> "first pick after " + Figures.fine(after))
                                .orElse("nobody could be picked")
                        + ", all known after " + Figures.fine(trace.known())));
        return List.copyOf(lines);
    }

    private String looked(Trace.Looked looked) {
        String servers = looked.tier().nameservers().stream()
                .map(server ->
                        Endpoint.of(server.getAddress(), server.getPort()).authority())
                .collect(Collectors.joining(", "));
        String where = servers.isEmpty() ? "" : ", asked at " + servers;
        String port = looked.tier().port().isPresent()
                ? ", port " + looked.tier().port().getAsInt() + " of its own"
                : "";
        return switch (looked.tier().answeredBy()) {
            case DNS -> looked.tier().name() + ": " + looked.question().text() + "." + where + port;
            case KUBERNETES ->
                looked.tier().name() + ": the API, and meanwhile "
                        + looked.question().text() + "." + where + port;
            case ENVIRONMENT -> looked.tier().name() + ": environment variables" + port;
            case LIST -> looked.tier().name() + ": a list" + port;
        };
    }

    private void answer(Decision.Tier tier) {
        TierView view = tier.view();
        Resolution answer = view.resolution();
        Evidence evidence = answer.evidence();
        int endpoints = answer.endpoints().size();
        StringBuilder said =
                new StringBuilder(view.tier()).append(": ").append(answer.word().replace('-', ' '));
        said.append(endpoints == 0 ? "" : " " + endpoints).append(answer.stale() ? " (stale)" : "");
        said.append(evidence.rcode().isEmpty() ? "" : " (" + evidence.rcode() + ")");
        said.append(evidence.answeredBy().isEmpty() ? "" : " from " + evidence.answeredBy());
        said.append(evidence.took().isZero() ? "" : " in " + Figures.fine(evidence.took()));
        said.append(evidence.detail().isEmpty() ? "" : ": " + evidence.detail());
        step(trace.answeredAfter(tier), "answer", said.toString(), Tint.of(answer));
        several("  asked", evidence.queries());
        several(
                "  left out",
                explanation.dropped(tier).stream()
                        .filter(dropped -> !tier.excluded().contains(dropped))
                        .map(dropped -> dropped.address() + ": " + dropped.rule())
                        .toList());
    }

    private void ready(Optional<Duration> at) {
        at.ifPresent(after -> step(at, "ready", "calls can be made"));
    }

    private void probes() {
        if (trace.probing().isEmpty()) {
            step(Optional.of(trace.known()), "probes", "none (--probe none)");
            return;
        }
        step(
                Optional.of(trace.known()),
                "probes",
                "they took " + Figures.fine(trace.probing().get()));
        int shown = 0;
        for (Decision.Tier tier : decision.tiers()) {
            for (Candidate candidate : tier.candidates()) {
                if (shown < SHOWN || all) {
                    String text = candidate.endpoint().authority() + " of "
                            + candidate.endpoint().tier() + ": " + candidate.verdict();
                    step(Optional.empty(), "", text, Tint.of(candidate.verdict().state()));
                }
                shown++;
            }
        }
        more(shown);
    }

    private void topology() {
        String label = "topology";
        for (Decision.Tier tier : decision.tiers()) {
            step(
                    Optional.empty(),
                    label,
                    tier.view().tier() + ": " + tier.candidates().size() + " of "
                            + tier.view().endpoints().size() + " eligible");
            label = "";
            several(
                    "  left out",
                    tier.excluded().stream()
                            .map(dropped -> dropped.address() + ": " + dropped.rule())
                            .toList());
        }
    }

    private void call(TracedCall call) {
        String label = "call";
        for (TracedCall.Tried tried : call.attempts()) {
            step(
                    Optional.empty(),
                    label,
                    "GET " + call.path() + " at " + tried.endpoint().authority() + " of "
                            + tried.endpoint().tier() + ": " + tried.said() + " after " + Figures.fine(tried.took()));
            label = "";
        }
        boolean well = call.error().isEmpty();
        step(
                Optional.of(trace.known().plus(call.took())),
                label,
                (well ? "done" : "failed") + " in " + Figures.fine(call.took()),
                well ? Tint.GOOD : Tint.BAD);
    }

    private String balancer() {
        return explanation.settings().stream()
                .filter(one -> one.key().equals(Setting.BALANCE_BALANCER.property())
                        || one.key().endsWith("].balancer"))
                .reduce((all, own) -> own)
                .map(one -> one.value())
                .orElse("weighted-round-robin");
    }

    private void several(String label, List<String> texts) {
        String front = label;
        for (String text : all ? texts : texts.subList(0, Math.min(SHOWN, texts.size()))) {
            step(Optional.empty(), front, text);
            front = "";
        }
        more(texts.size());
    }

    private void more(int count) {
        if (count > SHOWN && !all) {
            step(Optional.empty(), "", "… and " + (count - SHOWN) + " more (--verbose shows them)");
        }
    }

    private void step(Optional<Duration> at, String label, String text) {
        step(at, label, text, Tint.PLAIN);
    }

    private void step(Optional<Duration> at, String label, String text, Tint tint) {
        String time = at.map(Figures::fine).orElse("");
        String front = String.format(Locale.ROOT, "%" + TIME + "s  %-" + STEP + "s  ", time, label);
        List<String> wrapped = Table.wrap(front, text);
        for (String line : wrapped) {
            lines.add(line.substring(0, front.length()) + paint.on(tint, line.substring(front.length())));
        }
    }
}
