package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How one make of name server is configured, started and read. */
interface Make {

    /** Writes what it needs into its folder, to serve on 127.0.0.1 at the port; {@code run} counts its starts. */
    void configure(Path folder, int port, int run) throws IOException;

    /** Stays in the foreground and logs to stdout or stderr, which are {@link #log}. */
    List<String> command(Path folder);

    /** The zones it answers for once it is ready. */
    Set<String> zones();

    /** What it was asked, over all its runs. */
    List<Asked> asked(Path folder) throws IOException;

    static Path log(Path folder) {
        return folder.resolve("log");
    }

    /** A daemon's program: also where only root's path leads. */
    static String program(String name, String from) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + ": not found (expected: the package " + from + ")"))
                .toString();
    }

    /** The questions in a log whose lines the pattern reads: name, then type. */
    static List<Asked> asked(Path log, Pattern line) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(line::matcher)
                    .filter(java.util.regex.Matcher::find)
                    .map(read -> Asked.of(read.group(1), read.group(2)))
                    .toList();
        }
    }
}
