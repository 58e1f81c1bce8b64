package io.clusterset.discovery.page;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Sight;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The page of a discovery, and the documents that it shows: for a server of one's own; {@link #serve} is one. The page asks for
 * {@code state}, {@code state?service=NAME} and {@code explain?service=NAME}, with {@code &at=MILLIS} for the past, and listens to {@code
 * events} or {@code events?service=NAME} if there is such a thing; without, it asks for {@code state} once a second. These are
 * relative to its own URL, or to what {@link #html(String)} says.
 *
 * <p>However many ask and however often, looking takes 2 % of a core at most: what was seen last is told to all who ask in the next 100
 * ms, or until there may be another look. Thread-safe; looking uses no service, and waits at most for a look that somebody else has begun.
 */
public final class DiscoveryPage {

    private final Discovery discovery;
    private final Ticker ticker;
    private final Lookout lookout;
    private final Html html = Html.read();

    private DiscoveryPage(Discovery discovery, Ticker ticker) {
        this.discovery = discovery;
        this.ticker = ticker;
        this.lookout = new Lookout(ticker);
    }

    /** The page of this discovery, which is not closed with it. */
    public static DiscoveryPage of(Discovery discovery) {
        return new DiscoveryPage(discovery, Ticker.system());
    }

    /** As {@link #of(Discovery)}, with another clock than the system's. */
    static DiscoveryPage of(Discovery discovery, Ticker ticker) {
        return new DiscoveryPage(discovery, ticker);
    }

    /** The page, whole: UTF-8, no other file, no request to another origin. Its data are beside it. */
    public String html() {
        return html.at("");
    }

    /**
     * As {@link #html()}, with its data elsewhere.
     *
     * @param data what goes before {@code state} in its URL: a path, or the beginning of one, such as {@code discovery-page/}
     */
    public String html(String data) {
        return html.at(data);
    }

    /** What browsers should let the page do: run its own script, and ask where it came from. To be sent with it. */
    public String contentSecurityPolicy() {
        return html.policy();
    }

    /** The headers that the page and its documents should have, {@code Content-Security-Policy} among them. */
    public Map<String, String> headers() {
        return Map.of(
                "Content-Security-Policy",
                html.policy(),
                "X-Content-Type-Options",
                "nosniff",
                "X-Frame-Options",
                "DENY",
                "Referrer-Policy",
                "no-referrer",
                "Cross-Origin-Resource-Policy",
                "same-origin",
                "Cache-Control",
                "no-store");
    }

    /**
     * All services in use, as JSON: {@code state}.
     *
     * @throws RejectedExecutionException if nobody has looked in a while, and looking has cost all that it may; the text says so
     */
    public String overview() {
        return document(Feed.OVERVIEW);
    }

    /**
     * One service, as JSON: {@code state?service=NAME}.
     *
     * @param name as {@link #overview()} has it
     * @throws IllegalArgumentException if it is not in use; the text says so
     * @throws RejectedExecutionException if nobody has looked at it in a while, and looking has cost all that it may; the text says so
     */
    public String service(String name) {
        return document(inUse(name));
    }

    /**
     * Why its calls go where they go, as text: {@code explain?service=NAME}.
     *
     * @param name as {@link #overview()} has it
     * @throws IllegalArgumentException if it is not in use; the text says so
     * @throws RejectedExecutionException if nobody has asked for it in a while, and looking has cost all that it may; the text says so
     */
    public String explanation(String name) {
        String known = inUse(name);
        return explanation("why " + known, known, sight -> sight.explain().toString());
    }

    /**
     * Why its calls went where they went, as text: {@code explain?service=NAME&at=MILLIS}.
     *
     * @param name as {@link #overview()} has it
     * @param at a moment, as {@link #service} tells the times of events; what is yet to come is taken for now
     * @throws IllegalArgumentException if it is not in use; the text says so
     * @throws RejectedExecutionException if nobody has asked for it in a while, and looking has cost all that it may; the text says so
     */
    public String explanation(String name, long at) {
        String known = inUse(name);
        return explanation("why " + known + " " + at, known, sight -> {
            long ago = Math.max(0, sight.now() / Units.MILLI - at);
            return sight.explainPast(Duration.ofMillis(ago)).toString();
        });
    }

    private String explanation(String key, String name, Function<Sight, String> text) {
        Supplier<String> then = () -> discovery.sight(name).map(text).orElse(name + ": not in use any more");
        return lookout.seen(key, () -> new TextLook(then)).map(TextLook::text).orElseThrow(this::busy);
    }

    private String document(String name) {
        return lookout.document(name, () -> looks(name)).orElseThrow(this::busy);
    }

    private RejectedExecutionException busy() {
        return new RejectedExecutionException(
                "not looked at yet: looking may take 2 % of a core, and has (expected: asked again in "
                        + Text.time(lookout.pause()) + ")");
    }

    /** The name it has in state: it answers to many, in upper and in lower case, and what is seen of it is remembered once. */
    String inUse(String name) {
        return discovery
                .sight(name)
                .map(sight -> sight.name().toString())
                .orElseThrow(() -> new IllegalArgumentException("service: " + Text.quote(name) + " is not in use"
                        + (discovery.enabled() ? "" : ", the library is switched off")
                        + " (expected: one of those in state)"));
    }

    Look looks(String name) {
        return name.equals(Feed.OVERVIEW)
                ? new OverviewParts(discovery, ticker)
                : new ServiceParts(name, () -> discovery.sight(name));
    }

    /** Who looks for all. */
    Lookout lookout() {
        return lookout;
    }

    /**
     * Serves it over HTTP, until closed: to whoever can connect, so this should be an address of this machine alone, such as {@code
     * 127.0.0.1}.
     *
     * @param address where to listen; with port 0 at any that is free
     * @throws IOException if nobody can listen there
     */
    public PageServer serve(InetSocketAddress address) throws IOException {
        return new PageServer(this, address);
    }
}
