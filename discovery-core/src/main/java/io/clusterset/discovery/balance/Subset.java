package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps to a part of a large tier: a client that calls all of a thousand endpoints has a thousand connections. Which part
 * depends on the client's name and the addresses alone, so that it is the same after a restart and in any order, and changes
 * by about one endpoint when one comes or goes. Immutable; thread-safe.
 *
 * <p>Each client's choice is as good as drawn by lot: of a hundred clients that keep 20 of 100 endpoints, an endpoint is kept
 * by 20 on average, and by 12 to 28 as a rule.
 */
public final class Subset {

    private static final int MOST = 10_000;

    private final long client;
    private final int size;

    /**
     * With how many to keep of each tier.
     *
     * @param client who chooses: different for each process, and the same after a restart if that is wanted (a pod's name)
     * @param size 1 to 10,000
     * @throws IllegalArgumentException if the size is out of range
     */
    public Subset(String client, int size) {
        if (size < 1 || size > MOST) {
            throw new IllegalArgumentException("subset: " + size + " (expected: 1 to " + MOST + ")");
        }
        this.client = hash(client);
        this.size = size;
    }

    /** FNV-1a, of 64 bits: a {@link String#hashCode} would give many pods of one name's pattern the same part. */
    private static long hash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    /**
     * Chooses from one tier. Those that are not well do not count, so there are always as many that are, if the tier has them;
     * and one of each zone at least, however far down it stands.
     */
    public Chosen of(List<Candidate> candidates) {
        if (candidates.size() <= size) {
            return new Chosen(candidates, List.of());
        }
        Set<Integer> kept = kept(candidates);
        List<Candidate> chosen = new ArrayList<>(kept.size());
        List<Evidence.Dropped> excluded = new ArrayList<>(candidates.size() - kept.size());
        String rule = "not in this client's subset (" + kept.size() + " of " + candidates.size() + ")";
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (kept.contains(i)) {
                chosen.add(candidate);
            } else {
                excluded.add(new Evidence.Dropped(candidate.endpoint().authority(), rule));
            }
        }
        return new Chosen(chosen, excluded);
    }

    private Set<Integer> kept(List<Candidate> candidates) {
        Set<Integer> kept = new HashSet<>();
        Set<String> zones = new HashSet<>();
        int good = 0;
        for (Ranked ranked : ranked(candidates)) {
            boolean counts = ranked.candidate.isGood() && ranked.candidate.weight() > 0;
            String zone = ranked.candidate.endpoint().locality().zone();
            boolean firstOfZone = counts && !zone.isEmpty() && zones.add(zone);
            if (good < size || firstOfZone) {
                kept.add(ranked.index);
                good += counts ? 1 : 0;
            }
        }
        return kept;
    }

    private List<Ranked> ranked(List<Candidate> candidates) {
        List<Ranked> all = new ArrayList<>(candidates.size());
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            all.add(new Ranked(candidate, i, rank(candidate.endpoint().addressHash())));
        }
        all.sort(Comparator.comparingLong(Ranked::rank)
                .thenComparing(ranked -> ranked.candidate.endpoint().authority()));
        return all;
    }

    private long rank(int address) {
        long h = client ^ (address * 0x9E3779B97F4A7C15L);
        h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }

    private record Ranked(Candidate candidate, int index, long rank) {}

    /**
     * What came of it.
     *
     * @param candidates who is in it, in their order
     * @param excluded who is not, and the rule
     */
    public record Chosen(List<Candidate> candidates, List<Evidence.Dropped> excluded) {
        /** Copies the lists. */
        public Chosen {
            candidates = List.copyOf(candidates);
            excluded = List.copyOf(excluded);
        }
    }
}
