package io.clusterset.discovery.config;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process of its own, which says what it was given. */
final class FilesAlone {

    private FilesAlone() {}

    /** With the path of a file. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path file = Path.of(arguments[0]);
        out.println("files: " + shown(Settings.files(Optional.of(file)).get()));
        out.println("no file: " + shown(Settings.files(Optional.empty()).get()));
        out.println("process: " + shown(Settings.ofProcess()));
    }

    private static String shown(Settings settings) {
        String values = Stream.of(
                        Setting.NAMESPACE,
                        Setting.DEFAULT_PORT,
                        Setting.ENABLED,
                        Setting.BALANCE_CLIENT,
                        Setting.CONFIG)
                .map(setting -> settings.text(setting).orElse("-") + " from "
                        + settings.origin(setting).orElse("-"))
                .collect(Collectors.joining(", "));
        int odd = settings.warnings().size();
        return values + ", " + (odd == 2 ? "two odd" : settings.warnings().toString());
    }
}
