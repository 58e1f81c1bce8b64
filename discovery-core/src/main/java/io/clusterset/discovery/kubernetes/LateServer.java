package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * An API server whose client is made at first use, elsewhere: classes are loaded and files read for it. After silence the next request
 * is made with a new client: its connection, what it trusts or where it thinks the server is may be what ails the old one.
 * That one lives as long as what is under way with it, but not longer than its successor is in use: there are two at most.
 */
final class LateServer implements ApiServer {

    private static final String MISSING = "the Kubernetes client is not on the class path "
            + "(expected: io.fabric8:kubernetes-client and io.fabric8:kubernetes-httpclient-jdk)";
    private static final int MOST_CLIENTS = 2;

    private final Maker maker;
    private final Executor background;
    private final EventSink events;

    // guarded by this
    private String told = "";
    private final List<Run> waiting = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private Optional<Client> current = Optional.empty();
    private boolean making;
    private boolean closed;

    private volatile String name;

    /**
     * Makes nothing yet.
     *
     * @param name until it is known better
     * @param events told why no client can be made, once for each reason
     */
    LateServer(String name, Maker maker, Executor background, EventSink events) {
        this.events = events;
        this.name = name;
        this.maker = maker;
        this.background = background;
    }

    /** With fabric8. */
    static LateServer of(
            KubernetesOptions options,
            KubernetesAccess access,
            Executor background,
            Ticker ticker,
            Scheduler scheduler,
            EventSink events) {
        Maker maker = () -> {
            Optional<Path> file = options.kubeconfig();
            Login login =
                    file.isPresent() ? Login.of(Fabric8.kubeconfig(file.get()), ticker) : Login.inPod(access, ticker);
            return Fabric8.open(login, scheduler);
        };
        return new LateServer("the API server", maker, background, events);
    }

    /** Makes a client; may take its time. */
    @FunctionalInterface
    interface Maker {
        ApiServer make() throws IOException;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Running get(String path, Taker taker) {
        return begin(
                run -> server -> server.get(path, answer -> {
                    if (run.over(answer)) {
                        taker.answered(answer);
                    }
                }),
                taker);
    }

    @Override
    public Running stream(String path, Lines taker) {
        return begin(
                run -> server -> server.stream(path, new Lines() {
                    @Override
                    public void opened() {
                        taker.opened();
                    }

                    @Override
                    public void line(byte[] line) {
                        taker.line(line);
                    }

                    @Override
                    public void ended(Answer why) {
                        if (run.over(why)) {
                            taker.ended(why);
                        }
                    }
                }),
                taker::ended);
    }

    @Override
    public void close() {
        List<Client> all;
        synchronized (this) {
            closed = true;
            waiting.clear();
            current = Optional.empty();
            all = List.copyOf(clients);
            clients.clear();
        }
        all.forEach(client -> client.server.close());
    }

    private Running begin(Function<Run, Function<ApiServer, Running>> how, Taker failed) {
        Run run = new Run(failed);
        run.how = how.apply(run);
        Optional<Client> ready;
        boolean make;
        synchronized (this) {
            ready = current;
            if (ready.isPresent()) {
                ready.get().runs.add(run);
            } else if (!closed) {
                waiting.add(run);
            }
            make = ready.isEmpty() && !making && !closed;
            making |= make;
        }
        ready.ifPresent(run::on);
        if (make) {
            background.execute(this::make);
        }
        return run;
    }

    private void make() {
        try {
            Client made = new Client(maker.make());
            name = made.server.name();
            List<Run> runs;
            Optional<Client> oldest = Optional.empty();
            boolean late;
            synchronized (this) {
                making = false;
                late = closed;
                runs = List.copyOf(waiting);
                waiting.clear();
                if (!late) {
                    oldest = clients.size() < MOST_CLIENTS ? Optional.empty() : Optional.of(clients.remove(0));
                    clients.add(made);
                    current = Optional.of(made);
                    made.runs.addAll(runs);
                }
            }
            oldest.ifPresent(this::abandon);
            if (late) {
                made.server.close();
            } else {
                runs.forEach(run -> run.on(made));
            }
        } catch (LinkageError missing) {
            fail(MISSING + ": " + missing.getMessage());
        } catch (IOException | RuntimeException unusable) {
            String message = unusable.getMessage();
            fail(message == null ? unusable.getClass().getSimpleName() : message);
        }
    }

    /** What is under way with it has to begin anew. */
    private void abandon(Client client) {
        List<Run> runs;
        synchronized (this) {
            runs = List.copyOf(client.runs);
        }
        client.server.close();
        Answer why = new Answer.Silent("the API server was silent twice, and is asked anew");
        runs.stream().filter(run -> run.over(why)).forEach(run -> run.failed.answered(why));
    }

    private void fail(String why) {
        List<Run> runs;
        boolean news;
        synchronized (this) {
            news = !why.equals(told) && !closed;
            told = why;
            making = false;
            runs = List.copyOf(waiting);
            waiting.clear();
        }
        if (news) {
            events.accept(new Event.Trouble("", "kubernetes: " + why + "; DNS is asked instead"));
        }
        runs.forEach(run -> run.failed.answered(new Answer.Silent(Text.line(why))));
    }

    private void release(Client client, Run run, boolean silent) {
        boolean last;
        synchronized (this) {
            client.runs.remove(run);
            if (silent && current.filter(client::equals).isPresent()) {
                current = Optional.empty();
            }
            last = client.runs.isEmpty() && current.filter(client::equals).isEmpty() && clients.remove(client);
        }
        if (last) {
            client.server.close();
        }
    }

    /** A client, and how much is under way with it. */
    private static final class Client {
        private final ApiServer server;
        private final Set<Run> runs = new LinkedHashSet<>(); // guarded by the late server

        Client(ApiServer server) {
            this.server = server;
        }
    }

    /** Something under way, or waiting for its client. */
    private final class Run implements Running {
        private final Taker failed;
        private Function<ApiServer, Running> how = server -> () -> {};
        private Optional<Client> client = Optional.empty(); // guarded by this, as the rest
        private Optional<Running> running = Optional.empty();
        private boolean ended;

        Run(Taker failed) {
            this.failed = failed;
        }

        void on(Client made) {
            boolean useless;
            synchronized (this) {
                useless = ended;
                client = Optional.of(made);
            }
            if (useless) {
                release(made, this, false);
                return;
            }
            Running begun = how.apply(made.server);
            boolean late;
            synchronized (this) {
                late = ended;
                running = Optional.of(begun);
            }
            if (late) {
                begun.end();
            }
        }

        /** Whether it was not over before. */
        boolean over(Answer answer) {
            Optional<Client> used;
            synchronized (this) {
                if (ended) {
                    return false;
                }
                ended = true;
                used = client;
            }
            used.ifPresent(one -> release(one, this, answer instanceof Answer.Silent));
            return true;
        }

        @Override
        public void end() {
            Optional<Client> used;
            Optional<Running> begun;
            synchronized (LateServer.this) {
                waiting.remove(this);
            }
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                used = client;
                begun = running;
            }
            begun.ifPresent(Running::end);
            used.ifPresent(one -> release(one, this, false));
        }
    }
}
