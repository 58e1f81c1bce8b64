package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** BIND 9 as an authoritative server. */
final class Bind implements Make {

    private static final Pattern QUERY = Pattern.compile(" query: (\\S+) IN (\\S+) ");

    private final Zones zones;
    private final int mostRecords;

    private Bind(Zones zones, int mostRecords) {
        this.zones = zones;
        this.mostRecords = mostRecords;
    }

    /** Without a limit to the records of a name. */
    static Bind of(Zones zones) {
        return new Bind(zones, 0);
    }

    /** With the limit it comes with (CVE-2024-1737): more records of a name are not answered. */
    static Bind asItComes(Zones zones) {
        return new Bind(zones, 100);
    }

    @Override
    public void configure(Path folder, int port, int run) throws IOException {
        StringBuilder text = new StringBuilder("""
                options {
                  directory "FOLDER";
                  listen-on port PORT { 127.0.0.1; };
                  listen-on-v6 { none; };
                  query-source address 127.0.0.1;
                  pid-file none;
                  session-keyfile none;
                  recursion no;
                  notify no;
                  dnssec-validation no;
                  empty-zones-enable no;
                  querylog yes;
                  max-records-per-type MOST;
                };
                controls { };
                """.replace("FOLDER", folder.toString())
                .replace("PORT", Integer.toString(port))
                .replace("MOST", Integer.toString(mostRecords)));
        for (var zone : zones.texts().entrySet()) {
            Files.writeString(folder.resolve(zone.getKey()), zone.getValue());
            text.append("zone \"%s\" { type primary; file \"%s\"; };\n".formatted(zone.getKey(), zone.getKey()));
        }
        Files.writeString(folder.resolve("named.conf"), text);
    }

    @Override
    public List<String> command(Path folder) {
        String conf = folder.resolve("named.conf").toString();
        return List.of(Make.program("named", "bind9"), "-g", "-n", "1", "-c", conf);
    }

    @Override
    public Set<String> zones() {
        return zones.sound();
    }

    @Override
    public List<Asked> asked(Path folder) throws IOException {
        return Make.asked(Make.log(folder), QUERY);
    }
}
