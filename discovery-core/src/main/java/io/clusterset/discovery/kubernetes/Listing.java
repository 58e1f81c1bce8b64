package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One list, page by page: all of it or nothing. Used on the serial executor; pages are read where they arrive. */
final class Listing<T> {

    private static final int PAGE = 500;

    private final ApiServer server;
    private final Executor serial;
    private final Selection<T> selection;
    private final Consumer<Outcome<T>> done;
    private final String limit;
    private final List<Item<T>> items = new ArrayList<>();
    private ApiServer.Running running = () -> {};
    private String version = "";
    private int skipped;
    private int pages;
    private boolean over;

    /**
     * Begins.
     *
     * @param from parameters of the first page, such as {@code resourceVersion=0}; empty for what is so now
     * @param paged false asks for all at once: for lists that change faster than their pages are fetched
     * @param done told once, unless it is ended before
     */
    Listing(
            ApiServer server,
            Executor serial,
            Selection<T> selection,
            String from,
            boolean paged,
            Consumer<Outcome<T>> done) {
        this.server = server;
        this.serial = serial;
        this.selection = selection;
        this.done = done;
        this.limit = paged ? "limit=" + PAGE : "limit=0";
        ask(from.isEmpty() ? limit : limit + "&" + from);
    }

    /** What came of it. */
    sealed interface Outcome<T> {

        /**
         * All of it.
         *
         * @param version of its first page: what changed between the pages is told again by a watch from there
         */
        record Listed<T>(List<Item<T>> items, String version, int skipped) implements Outcome<T> {}

        /**
         * Nothing.
         *
         * @param page the page that failed; 1 is the first
         */
        record Failed<T>(Answer why, int page) implements Outcome<T> {}
    }

    /** Nobody waits for it any more. */
    void end() {
        over = true;
        running.end();
    }

    private void ask(String parameters) {
        pages++;
        running = server.get(selection.path(parameters), this::arrived);
    }

    private void arrived(Answer answer) { // on a thread of the transport
        if (!(answer instanceof Answer.Document document)) {
            serial.execute(() -> fail(answer));
            return;
        }
        try {
            Page<T> page = Json.page(document.content(), selection.kind());
            serial.execute(() -> take(page));
        } catch (IOException unreadable) {
            Answer why = new Answer.Silent("an answer that makes no sense: " + unreadable.getMessage());
            serial.execute(() -> fail(why));
        }
    }

    private void fail(Answer why) {
        if (!over) {
            over = true;
            done.accept(new Outcome.Failed<>(why, pages));
        }
    }

    private void take(Page<T> page) {
        if (over) {
            return;
        }
        items.addAll(page.items());
        skipped += page.skipped();
        version = version.isEmpty() ? page.version() : version;
        if (!page.next().isEmpty()) {
            ask(limit + "&continue=" + URLEncoder.encode(page.next(), StandardCharsets.UTF_8));
            return;
        }
        over = true;
        done.accept(new Outcome.Listed<>(List.copyOf(items), version, skipped));
    }
}
