package io.clusterset.discovery.simulator;

import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.util.function.Consumer;

/** What a process holds outside of itself: sources and watches of them, one of each at a time; and that it asks nobody once it is closed. */
final class Watches {

    private int watches;
    private int sources;
    private boolean closed;
    private final Consumer<String> breaks;

    Watches(Consumer<String> breaks) {
        this.breaks = breaks;
    }

    /** Everything must have been let go, and from now on nobody is asked. */
    void closed() {
        closed = true;
        if (watches > 0 || sources > 0) {
            breaks.accept(watches + " watches and " + sources + " sources are open after close");
        }
    }

    private void asks(String what) {
        if (closed) {
            breaks.accept(what + " after close");
        }
    }

    EndpointSource of(EndpointSource source) {
        sources++;
        return new Counted(source);
    }

    /** Counted, too: probes that begin. One under way ends by itself. */
    Prober of(Prober prober) {
        return (address, timeout, done) -> {
            asks("probes " + address);
            prober.probe(address, timeout, done);
        };
    }

    private final class Counted implements EndpointSource {
        private final EndpointSource source;
        private int open; // watches
        private boolean over;

        Counted(EndpointSource source) {
            this.source = source;
        }

        @Override
        public Watch watch(Question question, Listener listener) {
            asks("watches " + question.text());
            if (open > 0) {
                breaks.accept("watches " + question.text() + " again, and has not closed the watch before");
            }
            change(1);
            Watch watch = source.watch(question, listener);
            boolean[] ended = {false};
            return () -> {
                change(ended[0] || over ? 0 : -1);
                ended[0] = true;
                watch.close();
            };
        }

        private void change(int by) {
            open += by;
            watches += by;
        }

        @Override
        public void refresh(Question question, Effort effort) {
            asks("asks for " + question.text());
            source.refresh(question, effort);
        }

        /** Which ends its watches. */
        @Override
        public void close() {
            sources -= over ? 0 : 1;
            over = true;
            change(-open);
            source.close();
        }
    }
}
