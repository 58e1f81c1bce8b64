package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.time.Alarm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * In which group and version the cluster serves ServiceImports, if at all: looked for when it is first needed, and every 5 to 6
 * minutes while there are none. Used on the serial executor.
 */
final class ServedImports {

    private static final List<String> GROUPS = List.of("multicluster.x-k8s.io", "net.gke.io");
    private static final Turnstile.Place PLACE = new Turnstile.Place("API groups", "");

    private final ApiServer server;
    private final Turnstile turnstile;
    private final Clockwork clockwork;
    private final List<Runnable> watchers = new ArrayList<>();
    private final Alarm again;
    private Found found = new Found(Optional.empty(), Optional.empty(), false);
    private boolean begun;
    private ApiServer.Running running = () -> {};
    private Turnstile.InLine waiting = () -> {};
    private boolean closed;

    ServedImports(ApiServer server, Turnstile turnstile, Clockwork clockwork) {
        this.server = server;
        this.turnstile = turnstile;
        this.clockwork = clockwork;
        this.again = clockwork.alarm();
    }

    /**
     * What is known.
     *
     * @param groupVersion such as {@code multicluster.x-k8s.io/v1beta1}; empty if there is none, or nobody knows yet
     * @param why there is none; empty if nobody knows yet
     * @param absent whether it is known that there is none
     */
    record Found(Optional<String> groupVersion, Optional<String> why, boolean absent) {}

    Found found() {
        return found;
    }

    /** Tells of changes; looks at the first call. */
    void add(Runnable watcher) {
        watchers.add(watcher);
        if (!begun) {
            begun = true;
            look();
        }
    }

    /** The other way. */
    void remove(Runnable watcher) {
        watchers.remove(watcher);
    }

    /** The version is not served any more, it seems: looks again in a while. */
    void doubt() {
        again.setIfSooner(clockwork.seldom(), this::look);
    }

    void close() {
        closed = true;
        again.cancel();
        waiting.leave();
        running.end();
        watchers.clear();
    }

    private void look() {
        if (!closed) {
            waiting = turnstile.enter(PLACE, new Turnstile.Visitor() {
                @Override
                public void enter(Turnstile.Pass pass) {
                    ask(GROUPS.iterator(), pass);
                }

                @Override
                public void barred(Answer.Refused why) {
                    if (why.isFinal() || (found.groupVersion().isEmpty() && !found.absent())) {
                        become(new Found(Optional.empty(), Optional.of(Refusals.silence(why)), false));
                    }
                }
            });
        }
    }

    private void ask(Iterator<String> groups, Turnstile.Pass pass) {
        String group = groups.next();
        running = server.get(
                "/apis/" + group,
                answer -> clockwork.serial().execute(() -> {
                    if (!closed) {
                        answered(group, answer, groups, pass);
                    }
                }));
    }

    private void answered(String group, Answer answer, Iterator<String> groups, Turnstile.Pass pass) {
        Optional<String> version = answer instanceof Answer.Document document ? best(document) : Optional.empty();
        boolean absent = answer instanceof Answer.Document
                || (answer instanceof Answer.Refused refused && refused.status() == 404);
        if (version.isPresent()) {
            pass.passed();
            become(new Found(version.map(served -> group + "/" + served), Optional.empty(), false));
        } else if (absent && groups.hasNext()) {
            ask(groups, pass);
        } else if (absent) {
            pass.passed();
            become(new Found(Optional.empty(), Optional.of("no ServiceImport in this cluster"), true));
            doubt();
        } else if (answer instanceof Answer.Refused refused && refused.isFinal()) {
            pass.barred(refused);
            look();
        } else {
            pass.failed(answer);
            if (found.groupVersion().isEmpty() && !found.absent()) { // what is known stays
                become(new Found(Optional.empty(), Optional.of(Refusals.silence(answer)), false));
            }
            look();
        }
    }

    private static Optional<String> best(Answer.Document document) {
        try {
            return ApiGroup.servedVersions(document.content()).stream().findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private void become(Found now) {
        if (!now.equals(found)) {
            found = now;
            List.copyOf(watchers).forEach(Runnable::run);
        }
    }
}
