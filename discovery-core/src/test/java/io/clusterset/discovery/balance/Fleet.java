package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.time.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Endpoints with weights, each told apart by its number, and what came of picking from them. */
final class Fleet {

    static final Outcome OK = new Outcome.Succeeded();
    static final Outcome LATE = new Outcome.FailedSoft("Read timed out", true);
    static final Outcome REFUSED = new Outcome.FailedHard("connection refused", false);

    private Fleet() {}

    static Endpoint endpoint(String tier, int n) {
        int octet = tier.equals("local") ? 10 : 11;
        return Endpoint.parse(octet + ".0." + n / 250 + "." + (n % 250 + 1) + ":80")
                .withTier(tier);
    }

    /** With the outcomes of its own that a source of truth would have. */
    static List<Candidate> weighing(String tier, float... weights) {
        return weighing(tier, n -> new Told(), weights);
    }

    static List<Candidate> weighing(String tier, IntFunction<Outcomes> outcomes, float... weights) {
        List<Candidate> all = new ArrayList<>();
        for (int n = 0; n < weights.length; n++) {
            all.add(new Candidate(endpoint(tier, n), Verdict.HEALTHY, Use.IN_TURN, weights[n], outcomes.apply(n)));
        }
        return all;
    }

    static List<Candidate> equal(String tier, int size) {
        float[] weights = new float[size];
        java.util.Arrays.fill(weights, 1);
        return weighing(tier, weights);
    }

    static Decision.Tier home(List<Candidate> candidates) {
        return Decisions.decided("local", 100, false, candidates);
    }

    static Picker build(
            Balancer balancer, Optional<Picker> before, Ticker ticker, long random, Decision.Tier... tiers) {
        return balancer.build(new Balancer.Rebuild(Decisions.decision(tiers), before, ticker, () -> random));
    }

    static Picker build(Balancer balancer, Ticker ticker, Decision.Tier... tiers) {
        return build(balancer, Optional.empty(), ticker, 0, tiers);
    }

    /** Which number of its tier an endpoint is. */
    static int number(Candidate candidate) {
        byte[] octets = candidate.endpoint().address().getAddress();
        return Byte.toUnsignedInt(octets[2]) * 250 + Byte.toUnsignedInt(octets[3]) - 1;
    }

    /** How often each was picked. */
    static long[] counts(Picker picker, int size, int picks) {
        long[] counts = new long[size];
        for (int i = 0; i < picks; i++) {
            counts[number(picker.pick())]++;
        }
        return counts;
    }

    static double[] shares(float... weights) {
        double sum =
                IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> weights[i] / sum)
                .toArray();
    }

    /** Remembers what it was told. */
    static final class Told implements Outcomes {
        final List<Long> marks = new ArrayList<>();
        final List<Outcome> outcomes = new ArrayList<>();
        int begun;
        int permits;

        @Override
        public synchronized long began() {
            begun++;
            return 0;
        }

        @Override
        public synchronized void ended(long mark, Outcome outcome) {
            marks.add(mark);
            outcomes.add(outcome);
        }

        @Override
        public synchronized boolean admits() {
            return permits-- > 0;
        }
    }
}
