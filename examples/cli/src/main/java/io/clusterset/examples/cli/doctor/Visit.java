package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The rounds of questions: to all servers at once; then to those that stand behind them; then, if there is a cache, once more.
 * Each server is asked by one thread.
 *
 * @param deadline when to stop, by the ticker
 * @param longest the longest wait for one answer
 */
record Visit(
        Library library,
        Questions questions,
        Optional<Subject> subject,
        List<String> otherHomes,
        Ticker ticker,
        Sleeper sleeper,
        long deadline,
        Duration longest) {

    /** After this long a time to live has gone down by one second at least. */
    private static final Duration TICK_OF_A_CACHE = Duration.ofMillis(1100);

    private Interview interview(InetSocketAddress server) {
        return new Interview(new Exchange(ticker), ticker, server, deadline, longest);
    }

    /** Everybody is asked everything. */
    List<Server> first(ExecutorService threads) throws InterruptedException, ExecutionException {
        Set<InetSocketAddress> addresses = new LinkedHashSet<>(library.nameservers());
        library.zones().forEach(zone -> addresses.addAll(zone.servers()));
        subject.ifPresent(one -> one.lookups().forEach(lookup -> addresses.addAll(lookup.servers())));
        List<Callable<Server>> tasks = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            List<Zone> zones = library.zones().stream()
                    .filter(zone -> zone.servers().contains(address))
                    .toList();
            tasks.add(() -> interview(address).ask(questions, zones, otherHomes, aboutSubject(address)));
        }
        return all(threads, tasks);
    }

    private List<Query> aboutSubject(InetSocketAddress address) {
        List<Query> queries = new ArrayList<>();
        subject.ifPresent(one -> {
            for (Subject.Lookup lookup : one.lookups()) {
                if (lookup.servers().contains(address)) {
                    lookup.namedPort().ifPresent(queries::add);
                    queries.addAll(List.of(lookup.ipv4(), lookup.ipv6(), lookup.ports()));
                }
            }
            if (library.nameservers().contains(address)) {
                one.absolute().ifPresent(queries::add);
                queries.addAll(one.elsewhere());
            }
        });
        return queries;
    }

    /** The cluster's own DNS, if it is not among those that were asked. */
    List<Server> behind(ExecutorService threads, List<Server> asked) throws InterruptedException, ExecutionException {
        List<Callable<Server>> tasks = new ArrayList<>();
        for (Server server : asked) {
            behind(server, asked)
                    .ifPresent(address -> tasks.add(() -> interview(address).askOf(questions, library.zones())));
        }
        return all(threads, tasks.subList(0, Math.min(1, tasks.size())));
    }

    private Optional<InetSocketAddress> behind(Server server, List<Server> asked) {
        return library.home().stream()
                .flatMap(home ->
                        Stream.of(questions.behindNodeLocal(home.domain()), questions.clusterDns(home.domain())))
                .flatMap(query -> server.reply(query).stream())
                .flatMap(reply -> reply.data("A").stream().limit(1))
                .map(text -> new InetSocketAddress(
                        Addresses.literal(text), server.address().getPort()))
                .filter(address -> asked.stream().noneMatch(one -> one.address().equals(address)))
                .findFirst();
    }

    /** Where a cache stands in front, the services that nobody has once more: who remembers them? */
    List<Server> again(ExecutorService threads, List<Server> asked) throws InterruptedException, ExecutionException {
        boolean cached = asked.stream().anyMatch(this::isCached);
        Duration left = Duration.ofNanos(deadline - ticker.nanos());
        if (!cached || left.compareTo(TICK_OF_A_CACHE.multipliedBy(2)) < 0) {
            return asked;
        }
        sleeper.sleep(TICK_OF_A_CACHE);
        List<Callable<Server>> tasks = new ArrayList<>();
        for (Server server : asked) {
            List<Query> queries = isCached(server)
                    ? library.zones().stream()
                            .filter(zone -> zone.servers().contains(server.address()))
                            .map(zone -> questions.absent(zone.domain()))
                            .toList()
                    : List.of();
            tasks.add(() ->
                    server.with(interview(server.address()).askAgain(queries).replies()));
        }
        return all(threads, tasks);
    }

    private boolean isCached(Server server) {
        return library.zones().stream()
                .flatMap(zone -> server.reply(questions.version(zone.domain())).stream())
                .anyMatch(reply -> reply.has("TXT") && reply.answers().get(0).ttl() <= CacheChecks.CACHED_AT_MOST);
    }

    private static <T> List<T> all(ExecutorService threads, List<Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        List<T> results = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(tasks)) {
            results.add(future.get());
        }
        return results;
    }
}
