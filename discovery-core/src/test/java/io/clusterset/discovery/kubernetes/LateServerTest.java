package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.model.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that is made when it is needed, and lines from octets. */
final class LateServerTest {

    private final Deque<Runnable> background = new ArrayDeque<>();
    private final List<MemoryServer> made = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final LateServer server = new LateServer(
            "the API server",
            () -> {
                made.add(new MemoryServer());
                return made.get(made.size() - 1);
            },
            background::add,
            events::add);

    private void runBackground() {
        while (!background.isEmpty()) {
            background.remove().run();
        }
    }

    private ApiServer.Running get() {
        return server.get("/api/v1/services?limit=500", answers::add);
    }

    private MemoryServer latest() {
        return made.get(made.size() - 1);
    }

    @Test
    void itIsMadeOnceAtFirstUseElsewhere() {
        assertThat(background).isEmpty();
        assertThat(server.name()).isEqualTo("the API server");
        get();
        get();
        assertThat(made).isEmpty();
        assertThat(background).hasSize(1);
        runBackground();
        assertThat(made).hasSize(1);
        assertThat(answers).hasSize(2);
        assertThat(server.name()).isEqualTo("10.96.0.1:443");
        get();
        assertThat(answers).hasSize(3);
        assertThat(made).hasSize(1);
    }

    @Test
    void aMissingLibraryIsNamed() {
        LateServer without = new LateServer(
                "x",
                () -> {
                    throw new NoClassDefFoundError("io/fabric8/kubernetes/client/http/HttpClient");
                },
                Runnable::run,
                events::add);
        without.get("/x", answers::add);
        without.get("/x", answers::add);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).toString())
                .startsWith("kubernetes: the Kubernetes client is not on the class path (expected: io.fabric8:")
                .endsWith("; DNS is asked instead");
        assertThat(answers)
                .containsOnly(new Answer.Silent("the Kubernetes client is not on the class path (expected:"
                        + " io.fabric8:kubernetes-client and io.fabric8:kubernetes-httpclient-jdk):"
                        + " io/fabric8/kubernetes/client/http/HttpClient"));
    }

    @Test
    void whatCannotBeMadeIsTriedAgainWithTheNextRequest() {
        int[] tries = {0};
        LateServer flaky = new LateServer(
                "x",
                () -> {
                    tries[0]++;
                    if (tries[0] < 3) {
                        throw new IOException("no file");
                    }
                    return new MemoryServer();
                },
                Runnable::run,
                events::add);
        for (int i = 0; i < 3; i++) {
            flaky.get("/api/v1/services?limit=500", answers::add);
        }
        assertThat(answers.subList(0, 2)).containsOnly(new Answer.Silent("no file"));
        assertThat(answers.get(2)).isInstanceOf(Answer.Document.class);
    }

    @Test
    void afterSilenceANewOneIsMadeAndTheOldOneLivesAsLongAsItsWatches() {
        List<String> said = new ArrayList<>();
        ApiServer.Running watch = server.stream("/api/v1/services?watch=1&resourceVersion=100", new ApiServer.Lines() {
            @Override
            public void opened() {
                said.add("opened");
            }

            @Override
            public void line(byte[] line) {
                said.add("line");
            }

            @Override
            public void ended(Answer why) {
                said.add("ended");
            }
        });
        runBackground();
        MemoryServer old = latest();
        old.mute(true);
        get();
        assertThat(answers.get(0)).isInstanceOf(Answer.Silent.class);
        get();
        runBackground();
        assertThat(made).hasSize(2);
        assertThat(answers.get(1)).isInstanceOf(Answer.Document.class);
        assertThat(old.closes).isZero();
        old.mute(false);
        old.service("shop", "orders");
        assertThat(said).containsExactly("opened", "line");
        watch.end();
        assertThat(old.closes).isOne();
        assertThat(latest().closes).isZero();
        server.close();
        assertThat(latest().closes).isOne();
    }

    @Test
    void anAnswerThatIsTooLongIsNoReasonForANewOne() {
        get();
        runBackground();
        latest().refuseAll(new Answer.TooLong(100));
        get();
        get();
        runBackground();
        assertThat(answers.subList(1, 3)).containsOnly(new Answer.TooLong(100));
        assertThat(made).hasSize(1);
    }

    @Test
    void whenAThirdIsMadeTheOldestIsClosedAndItsWatchesEnd() {
        List<Answer> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ApiServer.Running unused =
                    server.stream("/api/v1/services?watch=1&resourceVersion=100", new ApiServer.Lines() {
                        @Override
                        public void opened() {}

                        @Override
                        public void line(byte[] line) {}

                        @Override
                        public void ended(Answer why) {
                            ends.add(why);
                        }
                    });
            runBackground();
            latest().mute(true);
            get();
            assertThat(made).hasSize(i + 1);
            assertThat(made.stream().filter(one -> one.closes == 0)).hasSize(Math.min(2, i + 1));
        }
        assertThat(made).extracting(one -> one.closes).containsExactly(1, 1, 0, 0);
        assertThat(ends).hasSize(2).allMatch(Answer.Silent.class::isInstance);
        server.close();
        assertThat(made).extracting(one -> one.closes).containsExactly(1, 1, 1, 1);
        assertThat(ends).hasSize(2);
    }

    @Test
    void whatWasEndedBeforeItCouldBeginNeverDoes() {
        get().end();
        runBackground();
        assertThat(latest().requests).isEmpty();
        assertThat(answers).isEmpty();
    }

    @Test
    void aClientThatIsMadeTooLateIsClosed() {
        get();
        server.close();
        runBackground();
        assertThat(latest().closes).isOne();
        assertThat(answers).isEmpty();
        get();
        assertThat(background).isEmpty();
    }

    @Test
    void linesAreSplitWhereverTheyAreCut() {
        String text = "{\"a\":1}\n\n\r\n{\"b\":\"ä\"}\n{\"c\":3}\n{\"half";
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= octets.length; size++) {
            LineBuffer buffer = new LineBuffer(100);
            List<String> lines = new ArrayList<>();
            for (int from = 0; from < octets.length; from += size) {
                ByteBuffer part = ByteBuffer.wrap(octets, from, Math.min(size, octets.length - from));
                assertThat(buffer.split(part, line -> lines.add(new String(line, StandardCharsets.UTF_8))))
                        .isTrue();
            }
            assertThat(lines).containsExactly("{\"a\":1}", "{\"b\":\"ä\"}", "{\"c\":3}");
        }
    }

    @Test
    void aLineOrDocumentThatIsTooLongIsNoticed() {
        LineBuffer lines = new LineBuffer(4);
        assertThat(lines.split(ByteBuffer.wrap("1234\n12".getBytes(StandardCharsets.UTF_8)), line -> {}))
                .isTrue();
        assertThat(lines.split(ByteBuffer.wrap("345".getBytes(StandardCharsets.UTF_8)), line -> {}))
                .isFalse();
        LineBuffer document = new LineBuffer(4);
        assertThat(document.add(ByteBuffer.wrap(new byte[4]))).isTrue();
        assertThat(document.add(ByteBuffer.wrap(new byte[1]))).isFalse();
    }
}
