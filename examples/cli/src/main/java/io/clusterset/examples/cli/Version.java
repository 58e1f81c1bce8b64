package io.clusterset.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: the version the build wrote into a resource. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        try (InputStream text = Version.class.getResourceAsStream("version.txt")) {
            String version = text == null ? "unknown" : new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
            return new String[] {"discovery " + version + " (Java " + Runtime.version() + ")"};
        }
    }
}
