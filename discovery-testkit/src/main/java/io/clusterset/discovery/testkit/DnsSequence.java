package io.clusterset.discovery.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The answers to one name and type, one per question; the last one repeats. Guarded by its {@link DnsScripts}. */
final class DnsSequence {

    private final List<DnsAnswer> answers = new ArrayList<>();
    private int next;
    private boolean startsOver;
    private @Nullable DnsAnswer last;
    private @Nullable DnsAnswer owedOverTcp;

    DnsSequence(DnsAnswer first) {
        answers.add(first);
    }

    void append(DnsAnswer answer) {
        answers.add(answer);
    }

    void repeatLast(int more) {
        DnsAnswer repeated = answers.get(answers.size() - 1);
        for (int i = 0; i < more; i++) {
            answers.add(repeated);
        }
    }

    void amendLast(UnaryOperator<DnsAnswer> change) {
        answers.set(answers.size() - 1, change.apply(answers.get(answers.size() - 1)));
    }

    void startOver() {
        startsOver = true;
    }

    /** What the next question will get. */
    DnsAnswer current() {
        if (startsOver) {
            return answers.get(next % answers.size());
        }
        return answers.get(Math.min(next, answers.size() - 1));
    }

    /** Gives out the next answer; the same one again to the TCP question that follows a truncated answer. */
    DnsAnswer take(Transport transport) {
        DnsAnswer owed = owedOverTcp;
        if (transport == Transport.TCP && owed != null) {
            owedOverTcp = null;
            return owed;
        }
        owedOverTcp = null;
        DnsAnswer taken = current();
        next = startsOver ? (next + 1) % answers.size() : Math.min(next + 1, answers.size());
        last = taken;
        return taken;
    }

    void lastWasTruncated() {
        owedOverTcp = last;
    }
}
