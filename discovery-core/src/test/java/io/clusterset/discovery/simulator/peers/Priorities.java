package io.clusterset.discovery.simulator.peers;

import java.util.Collection;
import java.util.List;

/**
 * Envoy's priority levels (docs: intro/arch_overview/upstream/load_balancing/priority, overprovisioning, panic_threshold;
 * facts/client-peers.md 3.1 and 3.2), two of them.
 *
 * @param home percent of calls that home gets
 * @param homePanics whether it uses all its hosts, well or not
 * @param awayPanics the same of the other
 */
record Priorities(int home, boolean homePanics, boolean awayPanics) {

    private static final int OVERPROVISIONING = 140;
    private static final int PANIC_PERCENT = 50;

    static Priorities of(Collection<Host> hosts) {
        List<Host> near = hosts.stream().filter(host -> host.home).toList();
        List<Host> far = hosts.stream().filter(host -> !host.home).toList();
        int homeHealth = health(near);
        int available = Math.min(100, homeHealth + health(far));
        boolean homePanics = available < 100 && panics(near);
        boolean awayPanics = available < 100 && panics(far);
        if ((homePanics && awayPanics) || available == 0) { // by their number
            return new Priorities(hosts.isEmpty() ? 100 : 100 * near.size() / hosts.size(), homePanics, awayPanics);
        }
        return new Priorities(100 * homeHealth / available, homePanics, awayPanics);
    }

    private static long healthy(List<Host> hosts) {
        return hosts.stream().filter(Host::isHealthy).count();
    }

    private static int health(List<Host> hosts) {
        return hosts.isEmpty() ? 0 : (int) Math.min(100, OVERPROVISIONING * healthy(hosts) / hosts.size());
    }

    private static boolean panics(List<Host> hosts) {
        return healthy(hosts) * 100 < (long) PANIC_PERCENT * hosts.size() || hosts.isEmpty();
    }
}
