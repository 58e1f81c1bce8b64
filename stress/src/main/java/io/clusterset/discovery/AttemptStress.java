package io.clusterset.discovery;

import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict;
import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An attempt that two threads end has one outcome. */
public final class AttemptStress {

    private static final Endpoint ENDPOINT = Endpoint.parse("127.0.0.1:80");

    private AttemptStress() {}

    /** Counts. */
    private static final class Counted implements Outcomes {
        private final AtomicInteger began = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();

        @Override
        public long began() {
            return began.incrementAndGet();
        }

        @Override
        public void ended(long mark, io.clusterset.discovery.model.Outcome outcome) {
            ended.incrementAndGet();
        }

        @Override
        public boolean admits() {
            return false;
        }
    }

    /** One reports a failure and closes, the other a success and closes. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "began once, ended once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "no outcome, or more than one")
    @State
    public static class EndsOnce {
        private final Counted counted = new Counted();
        private final Attempt attempt = new Attempt(
                new Candidate(ENDPOINT, Verdict.HEALTHY, Candidate.Use.IN_TURN, 1, counted), AttemptSink.NONE);

        @Actor
        public void fails() {
            attempt.failed(new ConnectException("Connection refused"));
            attempt.close();
        }

        @Actor
        public void succeeds() {
            attempt.succeeded();
            attempt.close();
        }

        @Arbiter
        public void atTheEnd(II_Result result) {
            result.r1 = counted.began.get();
            result.r2 = counted.ended.get();
        }
    }
}
