package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SubsetTest {

    private final Subset subset = new Subset("shop-7d9f-x2x4q", 20);

    private static Set<Endpoint> chosen(Subset by, List<Candidate> from) {
        return by.of(from).candidates().stream().map(Candidate::endpoint).collect(Collectors.toSet());
    }

    @Test
    void theSameClientHasTheSamePartInAnyOrder() {
        List<Candidate> all = new ArrayList<>(Fleet.equal("local", 500));
        Set<Endpoint> first = chosen(subset, all);
        assertThat(first).hasSize(20);
        Collections.shuffle(all, new Random(1));
        assertThat(chosen(new Subset("shop-7d9f-x2x4q", 20), all)).isEqualTo(first);
    }

    @Test
    void thoseLeftOutAreToldWithTheRule() {
        List<Candidate> all = Fleet.equal("local", 100);
        Subset.Chosen chosen = subset.of(all);
        assertThat(chosen.excluded())
                .hasSize(80)
                .allMatch(dropped -> dropped.rule().equals("not in this client's subset (20 of 100)"));
        assertThat(chosen.excluded().get(0).address()).endsWith(":80");
        assertThat(chosen.candidates()).isSubsetOf(all);
        assertThat(subset.of(all.subList(0, 20)).excluded()).isEmpty();
        assertThat(subset.of(all.subList(0, 20)).candidates()).isEqualTo(all.subList(0, 20));
    }

    @Test
    void oneThatComesOrGoesChangesAboutOneMember() {
        List<Candidate> all = Fleet.equal("local", 200);
        int changed = 0;
        for (int gone = 0; gone < 200; gone++) {
            List<Candidate> fewer = new ArrayList<>(all);
            fewer.remove(gone);
            Set<Endpoint> before = chosen(subset, all);
            Set<Endpoint> after = chosen(subset, fewer);
            Set<Endpoint> came = new HashSet<>(after);
            came.removeAll(before);
            assertThat(came).hasSizeLessThanOrEqualTo(1);
            changed += came.size();
        }
        assertThat(changed).isEqualTo(20); // those of the subset, and nobody else's going
    }

    /** Of a draw without return, each of n is in with probability k / n: the statistic is Pearson's times (n - 1) / (n - k). */
    @Test
    void clientsChooseEvenly() {
        int size = 100;
        int clients = 20_000;
        int kept = 20;
        List<Candidate> all = Fleet.equal("local", size);
        long[] counts = new long[size];
        for (int client = 0; client < clients; client++) {
            String name = "shop-7d9f-" + Integer.toString(client, 36); // as much alike as pods' names are
            new Subset(name, kept).of(all).candidates().forEach(candidate -> counts[Fleet.number(candidate)]++);
        }
        double expected = (double) clients * kept / size;
        double statistic = 0;
        for (long count : counts) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        assertThat(statistic * (size - 1) / (size - kept)).isLessThan(ChiSquared.critical(size - 1));
    }

    @Test
    void thoseThatAreNotWellDoNotCount() {
        List<Candidate> all = new ArrayList<>(Fleet.equal("local", 200));
        Set<Endpoint> before = chosen(subset, all);
        for (int i = 0; i < all.size(); i++) {
            Candidate candidate = all.get(i);
            if (before.contains(candidate.endpoint()) && i % 2 == 0) {
                all.set(i, candidate.atMost(Use.PASSED_OVER));
            }
        }
        List<Candidate> grown = subset.of(all).candidates();
        assertThat(grown.stream().filter(Candidate::isGood)).hasSize(20);
        assertThat(grown.stream().map(Candidate::endpoint)).containsAll(before);
        List<Candidate> sick = all.stream().map(c -> c.atMost(Use.LEFT_OUT)).toList();
        assertThat(subset.of(sick).excluded()).isEmpty();
    }

    @Test
    void oneOfEachZoneStays() {
        List<Candidate> all = new ArrayList<>(Fleet.equal("local", 300));
        for (int i = 0; i < all.size(); i++) {
            Candidate was = all.get(i);
            String zone = i < 297 ? "a" : "rare-" + i;
            all.set(
                    i,
                    new Candidate(
                            was.endpoint().withLocality(new Locality("r", zone, "")),
                            was.verdict(),
                            was.use(),
                            1,
                            was.outcomes()));
        }
        for (int client = 0; client < 50; client++) {
            List<Candidate> chosen = new Subset("client-" + client, 10).of(all).candidates();
            assertThat(chosen).hasSizeBetween(10, 13);
            assertThat(chosen.stream()
                            .map(candidate -> candidate.endpoint().locality().zone())
                            .distinct())
                    .hasSize(4);
        }
    }

    @Test
    void theSizeIsChecked() {
        assertThatThrownBy(() -> new Subset("a", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("subset: 0 (expected: 1 to 10000)");
    }
}
