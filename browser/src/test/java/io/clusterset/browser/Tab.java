package io.clusterset.browser;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** One tab: what a person sees and types there, and what the browser complains of. */
final class Tab implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Runs before any script of the page's. */
    private static final String WITNESS = """
            window.violations = [];
            document.addEventListener('securitypolicyviolation', (e) =>
                window.violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
            """;

    private final DevTools tools;
    private final String session;
    private final String target;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Tab(DevTools tools, String session, String target) {
        this.tools = tools;
        this.session = session;
        this.target = target;
        tools.listen(session, this::heard);
        for (String domain : List.of("Page", "Runtime", "Log", "Network", "DOM", "Accessibility")) {
            send(domain + ".enable", Map.of());
        }
        send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WITNESS));
    }

    private void heard(Value event) {
        Value about = event.at("params");
        switch (event.at("method").text()) {
            case "Network.requestWillBeSent" ->
                requests.add(about.at("request", "url").text());
            case "Network.webSocketCreated" -> requests.add(about.at("url").text());
            case "Runtime.exceptionThrown" ->
                complaints.add(
                        about.at("exceptionDetails", "exception", "description").text());
            case "Runtime.consoleAPICalled" -> complaints.add("console: " + about.at("args"));
            case "Log.entryAdded" ->
                complaints.add(about.at("entry", "level") + " " + about.at("entry", "source") + ": "
                        + about.at("entry", "text"));
            default -> {}
        }
    }

    private Value send(String method, Map<String, ?> parameters) {
        return tools.send(session, method, parameters);
    }

    Tab open(URI uri) {
        return open(uri.toString());
    }

    Tab open(String uri) {
        send("Page.navigate", Map.of("url", uri));
        Await.until(
                uri + " is loaded",
                PATIENCE,
                () -> evaluate("document.readyState === 'complete' && location.href !== 'about:blank'")
                        .truth());
        return this;
    }

    /** As wide as this many CSS pixels. */
    Tab size(int width, int height) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /** As for somebody who prefers {@code dark} or {@code light}, and no motion. */
    Tab scheme(String preferred) {
        send(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", preferred),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        return this;
    }

    /** As for somebody who lets no page run a script. */
    Tab withoutScripts() {
        send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        return this;
    }

    /** As if another tab were in front of it, or no more. */
    void hide(boolean hidden) {
        evaluate("Object.defineProperty(document, 'hidden', { value: " + hidden + ", configurable: true });"
                + " document.dispatchEvent(new Event('visibilitychange'))");
    }

    /** The value of an expression, awaited if it is a promise, as JSON has it. */
    Value evaluate(String expression) {
        Value answer = send(
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "timeout", 20_000));
        if (!answer.at("exceptionDetails").isAbsent()) {
            throw new AssertionError(expression.lines().findFirst().orElse("") + ": " + answer.at("exceptionDetails"));
        }
        return answer.at("result", "value");
    }

    /** The text that is visible. */
    String text() {
        return evaluate("document.body.innerText").text();
    }

    /** All that assistive technology is told of, in order. What is hidden is not among it. */
    List<Seen> tree() {
        return send("Accessibility.getFullAXTree", Map.of()).at("nodes").list().stream()
                .filter(node -> !node.at("ignored").truth())
                .map(Seen::of)
                .toList();
    }

    /** Those of a role. */
    List<Seen> all(String role) {
        return tree().stream().filter(seen -> seen.role().equals(role)).toList();
    }

    /** The visible text of an element. */
    String text(Seen seen) {
        String object = send("DOM.resolveNode", Map.of("backendNodeId", seen.node()))
                .at("object", "objectId")
                .text();
        return send(
                        "Runtime.callFunctionOn",
                        Map.of(
                                "objectId",
                                object,
                                "functionDeclaration",
                                "function() { return this.innerText ?? this.textContent; }",
                                "returnByValue",
                                true))
                .at("result", "value")
                .text();
    }

    /** Waits until text is visible that is such; returns how long it took. */
    Duration awaitText(String what, Duration patience, Predicate<String> such) {
        try {
            return Await.until(what, patience, () -> such.test(text()));
        } catch (AssertionError never) {
            throw new AssertionError(never.getMessage() + "; visible is:\n" + text(), never);
        }
    }

    /** The only one of a role and a name. */
    Seen one(String role, String name) {
        List<Seen> found =
                all(role).stream().filter(seen -> seen.name().equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError(role + " '" + name + "': " + found.size() + " (expected: 1) of " + all(role)
                    + "; visible is:\n" + text());
        }
        return found.get(0);
    }

    /** The one that has the keyboard's focus. */
    Seen focused() {
        return tree().stream()
                .filter(seen -> seen.focused() && !seen.role().equals("RootWebArea"))
                .reduce((outer, inner) -> inner)
                .orElse(new Seen("nothing", "", true, 0));
    }

    /** Clicks where an element is, after scrolling there. */
    void click(Seen seen) {
        send("DOM.scrollIntoViewIfNeeded", Map.of("backendNodeId", seen.node()));
        List<Value> corners = send("DOM.getBoxModel", Map.of("backendNodeId", seen.node()))
                .at("model", "content")
                .list();
        double x = (corners.get(0).number() + corners.get(4).number()) / 2;
        double y = (corners.get(1).number() + corners.get(5).number()) / 2;
        for (String type : List.of("mousePressed", "mouseReleased")) {
            send("Input.dispatchMouseEvent", Map.of("type", type, "x", x, "y", y, "button", "left", "clickCount", 1));
        }
    }

    /** Presses and releases a key, such as {@code Tab}, {@code Enter} or {@code ArrowRight}. */
    void press(String key) {
        int code = Map.of(
                        "Tab",
                        9,
                        "Enter",
                        13,
                        "Escape",
                        27,
                        "ArrowLeft",
                        37,
                        "ArrowUp",
                        38,
                        "ArrowRight",
                        39,
                        "ArrowDown",
                        40)
                .getOrDefault(key, 0);
        String text = key.equals("Enter") ? "\r" : "";
        send(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code, "text", text));
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
    }

    /** What is visible, as PNG. */
    byte[] screenshot() {
        return Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png"))
                        .at("data")
                        .text());
    }

    /** Every URL that was asked for since the tab is there. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** What the browser's console says, and exceptions. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** What the content security policy has kept from happening on this page. */
    List<String> violations() {
        return evaluate("window.violations").list().stream().map(Value::text).toList();
    }

    @Override
    public void close() {
        tools.send(DevTools.BROWSER, "Target.closeTarget", Map.of("targetId", target));
    }
}
