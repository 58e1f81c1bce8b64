package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Unbound as a cache in front of an authoritative server; everything else is refused. */
final class Unbound implements Make {

    private static final Pattern QUERY = Pattern.compile(" info: 127\\.0\\.0\\.1 (\\S+) (\\S+) IN$");

    private final InetSocketAddress behind;
    private final Set<String> zones;
    private final Set<String> denied;

    private Unbound(InetSocketAddress behind, Set<String> zones, Set<String> denied) {
        this.behind = behind;
        this.zones = zones;
        this.denied = denied;
    }

    static Unbound inFrontOf(InetSocketAddress behind, Set<String> zones) {
        return new Unbound(behind, zones, Set.of());
    }

    /** The same cache that says "no such name" of a zone's every name, as the servers of the Internet do. */
    Unbound denying(String zone) {
        Set<String> rest = new HashSet<>(zones);
        rest.remove(zone);
        return new Unbound(behind, rest, Set.of(zone));
    }

    /**
     * Nothing can leave loopback: its sockets are bound there, names outside are refused, and the root is a zone of its own
     * that holds one name, for an alias to lead to as if the Internet had answered.
     */
    @Override
    public void configure(Path folder, int port, int run) throws IOException {
        StringBuilder text =
                new StringBuilder("""
                server:
                  directory: "FOLDER"
                  chroot: ""
                  username: ""
                  pidfile: ""
                  use-syslog: no
                  logfile: ""
                  log-queries: yes
                  num-threads: 1
                  interface: 127.0.0.1@PORT
                  outgoing-interface: 127.0.0.1
                  do-ip6: no
                  do-not-query-localhost: no
                  module-config: "iterator"
                  msg-buffer-size: 65552
                  local-zone: "." refuse
                """.replace("FOLDER", folder.toString()).replace("PORT", Integer.toString(port)));
        zones.forEach(zone -> text.append("  local-zone: \"%s\" transparent\n".formatted(zone)));
        denied.forEach(zone -> text.append("  local-zone: \"%s\" always_nxdomain\n".formatted(zone)));
        text.append("""
                remote-control:
                  control-enable: no
                auth-zone:
                  name: "."
                  zonefile: "root"
                  for-downstream: no
                """);
        String server = behind.getAddress().getHostAddress() + "@" + behind.getPort();
        zones.forEach(zone -> text.append("stub-zone:\n  name: \"%s\"\n  stub-addr: %s\n".formatted(zone, server)));
        Files.writeString(folder.resolve("unbound.conf"), text);
        Files.writeString(folder.resolve("root"), """
                . 60 IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60
                . 60 IN NS ns.example.org.
                api.example.org. 60 IN A 10.9.9.9
                """);
    }

    @Override
    public List<String> command(Path folder) {
        String conf = folder.resolve("unbound.conf").toString();
        return List.of(Make.program("unbound", "unbound"), "-d", "-c", conf);
    }

    @Override
    public Set<String> zones() {
        return zones;
    }

    @Override
    public List<Asked> asked(Path folder) throws IOException {
        return Make.asked(Make.log(folder), QUERY);
    }
}
