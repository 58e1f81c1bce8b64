package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Knot DNS: an authoritative server. */
final class Knot implements Make {

    private static final String TAP = "asked.tap.";

    private final Zones zones;

    private Knot(Zones zones) {
        this.zones = zones;
    }

    static Knot of(Zones zones) {
        return new Knot(zones);
    }

    @Override
    public void configure(Path folder, int port, int run) throws IOException {
        StringBuilder text = new StringBuilder("""
                server:
                  rundir: "FOLDER"
                  listen: 127.0.0.1@PORT
                  udp-workers: 1
                  tcp-workers: 1
                  background-workers: 1
                control:
                  listen: "FOLDER/knot.sock"
                log:
                  - target: stderr
                    any: info
                database:
                  storage: "FOLDER"
                mod-dnstap:
                  - id: asked
                    sink: "FOLDER/TAP"
                    log-responses: off
                template:
                  - id: default
                    storage: "FOLDER"
                    zonefile-sync: -1
                    journal-content: none
                    global-module: mod-dnstap/asked
                zone:
                """.replace("FOLDER", folder.toString())
                .replace("PORT", Integer.toString(port))
                .replace("TAP", TAP + run)); // each start begins its file anew
        for (var zone : zones.texts().entrySet()) {
            Files.writeString(folder.resolve(zone.getKey()), zone.getValue());
            text.append("  - domain: %s\n    file: %s\n".formatted(zone.getKey(), zone.getKey()));
        }
        Files.writeString(folder.resolve("knot.conf"), text);
    }

    @Override
    public List<String> command(Path folder) {
        return List.of(
                Make.program("knotd", "knot"), "-c", folder.resolve("knot.conf").toString());
    }

    @Override
    public Set<String> zones() {
        return zones.sound();
    }

    @Override
    public List<Asked> asked(Path folder) throws IOException {
        List<Asked> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path tap : files.filter(file -> file.getFileName().toString().startsWith(TAP))
                    .sorted()
                    .toList()) {
                all.addAll(Dnstap.queries(tap));
            }
        }
        return all;
    }
}
