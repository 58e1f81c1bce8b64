package io.clusterset.browser;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A headless Chromium with a profile of its own, that reaches nobody but 127.0.0.1. */
final class Chromium implements AutoCloseable {

    private static final Path TARGET = Path.of("target");
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final Path profile;
    private final DevTools tools;

    private Chromium(Process process, Path profile, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.tools = tools;
    }

    /** The one that all tests look through, each in tabs of its own; it ends with this JVM. */
    static Chromium shared() {
        return Shared.CHROMIUM;
    }

    private static final class Shared {
        static final Chromium CHROMIUM = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(CHROMIUM::close, "chromium-end"));
        }
    }

    private static Chromium start() {
        try {
            Path profile = Files.createTempDirectory(Files.createDirectories(TARGET), "profile");
            Process process = new ProcessBuilder(command(profile))
                    .redirectErrorStream(true)
                    .redirectOutput(new File(TARGET.toFile(), "chromium.log"))
                    .start();
            try {
                return new Chromium(process, profile, new DevTools(address(profile, process)));
            } catch (RuntimeException | Error failed) {
                process.destroyForcibly();
                throw failed;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> command(Path profile) {
        return List.of(
                System.getProperty("chromium", "chromium"),
                "--headless=new",
                "--no-sandbox", // root has none
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-domain-reliability",
                "--disable-extensions",
                "--disable-sync",
                "--metrics-recording-only",
                "--no-pings",
                "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding",
                "--force-color-profile=srgb",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile.toAbsolutePath(),
                "about:blank");
    }

    /** It writes its port and path into its profile. */
    private static URI address(Path profile, Process process) {
        Path file = profile.resolve("DevToolsActivePort");
        Await.until("Chromium listens (its log: browser/target/chromium.log)", START, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "Chromium ended with " + process.exitValue() + "; its log: browser/target/chromium.log");
            }
            return lines(file).size() == 2;
        });
        List<String> lines = lines(file);
        return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException halfWritten) {
            return List.of();
        }
    }

    /** A new tab, empty, with cookies and storage of its own. */
    Tab tab() {
        String context = tools.send(DevTools.BROWSER, "Target.createBrowserContext", Map.of())
                .at("browserContextId")
                .text();
        String target = tools.send(
                        DevTools.BROWSER,
                        "Target.createTarget",
                        Map.of("url", "about:blank", "browserContextId", context))
                .at("targetId")
                .text();
        String session = tools.send(
                        DevTools.BROWSER, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .at("sessionId")
                .text();
        return new Tab(tools, session, target);
    }

    @Override
    public void close() {
        tools.close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        forget(profile.toFile());
    }

    /** What its last helpers still hold is left to {@code target}. */
    private static void forget(File file) {
        File[] below = file.listFiles();
        if (below != null && !Files.isSymbolicLink(file.toPath())) {
            for (File one : below) {
                forget(one);
            }
        }
        boolean unused = file.delete();
    }
}
