package io.clusterset.discovery.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.clusterset.discovery.model.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any file at all: what can be read of it is used, nothing is thrown, and nobody is asked. */
class ResolvConfFuzzTest {

    private static final Path FILE = temporary();

    @FuzzTest
    void anyTextIsReadAsFarAsItGoes(byte[] content) {
        Surroundings seen = parse(content);
        must(seen.nameservers().size() <= 8, "more than 8 nameservers");
        for (InetSocketAddress server : seen.nameservers()) {
            must(!server.isUnresolved() && server.getPort() == 53, "a nameserver that is no address");
        }
        seen.clusterDomain()
                .ifPresent(domain -> must(ServiceName.name(domain).equals(domain), "a domain that is none"));
        must(seen.namespace().isEmpty(), "a namespace out of nowhere");
    }

    /** The only line that knows where the parser is. */
    private static Surroundings parse(byte[] content) {
        try {
            Files.write(FILE, content);
            return Surroundings.detect(FILE.resolveSibling("none"), FILE);
        } catch (IOException noTemporaryFile) {
            throw new UncheckedIOException(noTemporaryFile);
        }
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("fuzz-resolv-conf");
            Path file = folder.resolve("resolv.conf");
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException noTemporaryFile) {
            throw new UncheckedIOException(noTemporaryFile);
        }
    }

    private static void must(boolean held, String otherwise) {
        if (!held) {
            throw new AssertionError(otherwise);
        }
    }
}
