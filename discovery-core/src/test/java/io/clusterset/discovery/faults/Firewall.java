package io.clusterset.discovery.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The namespace's nftables. What it does to an address holds from the moment the method returns. */
final class Firewall {

    /** On the way in, not out: what is dropped on the way out is an error to the sender, not silence. */
    private static final String TABLE = """
            table inet faults {
              set swallowed_ones { type ipv4_addr; }
              set reset_ones { type ipv4_addr; }
              set unreachable_ones { type ipv4_addr; }
              set deploying_ones { type ipv4_addr; }
              chain input {
                type filter hook input priority 0; policy accept;
                ip daddr @swallowed_ones drop
                ip saddr @swallowed_ones drop
                ip daddr @reset_ones meta l4proto tcp reject with tcp reset
                ip daddr @unreachable_ones tcp flags & (syn | ack) == syn reject with icmp type port-unreachable
                ip daddr @deploying_ones tcp flags & (syn | ack) == syn numgen random mod 3 == 0 reject with tcp reset
              }
            }
            """;

    private static final Firewall OURS = new Firewall();

    private Firewall() {
        requireOwnNamespace();
        nft(TABLE);
    }

    static Firewall ours() {
        return OURS;
    }

    /** These rules and the port that all endpoints share have no business on a machine's own network. */
    private static void requireOwnNamespace() {
        try {
            List<NetworkInterface> all = NetworkInterface.networkInterfaces().toList();
            for (NetworkInterface each : all) {
                if (each.isUp() && !each.isLoopback()) {
                    throw new IllegalStateException("network interface: " + each.getName()
                            + " (expected: a network namespace with loopback only)");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Packets vanish, those of open connections too. */
    void swallow(Collection<String> addresses) {
        add("swallowed", addresses);
    }

    /** Whatever is sent there is answered with a TCP reset. */
    void reset(Collection<String> addresses) {
        add("reset", addresses);
    }

    /** New connections are answered with ICMP port unreachable, as kube-proxy does for a service without pods. */
    void unreachable(Collection<String> addresses) {
        add("unreachable", addresses);
    }

    /** A third of new connections are refused, the rest and the old ones left alone. */
    void deploy(Collection<String> addresses) {
        add("deploying", addresses);
    }

    /** The deploy is over. */
    void deployed(Collection<String> addresses) {
        change("delete", "deploying", addresses);
    }

    private static void add(String set, Collection<String> addresses) {
        change("add", set, addresses);
    }

    private static void change(String verb, String set, Collection<String> addresses) {
        nft("%s element inet faults %s_ones { %s }%n".formatted(verb, set, String.join(", ", addresses)));
    }

    private static void nft(String commands) {
        try {
            Process nft = new ProcessBuilder("nft", "-f", "-")
                    .redirectErrorStream(true)
                    .start();
            try (var input = nft.getOutputStream()) {
                input.write(commands.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!nft.waitFor(10, TimeUnit.SECONDS) || nft.exitValue() != 0) {
                throw new IllegalStateException("nft: " + said + " (given: " + commands + ")");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
