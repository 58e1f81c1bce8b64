package io.clusterset.discovery.dns;

import io.clusterset.discovery.dns.FamilyAnswer.Kind;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/**
 * One question asked once: A and AAAA, or SRV and the addresses of its targets. Lives on the serial executor; answers once.
 */
final class Lookup {

    /** SRV targets without glue that are looked up; more are left out and said. */
    private static final int MAX_TARGETS = 32;

    /** How long a family that has addresses waits for the other, where nothing is known yet: a retransmission and some. */
    private static final Duration OTHER_FAMILY = Duration.ofMillis(250);

    /** What to believe of a negative answer without an SOA, in seconds. */
    private static final long DEFAULT_NEGATIVE = 5;

    private final Question question;
    private final Name name;
    private final Asker asker;
    private final AnswerReader reader;
    private final Families families;
    private final AddressOrder order;
    private final boolean srvWeights;
    private final Meanwhile meanwhile;
    private final Consumer<Resolution> done;
    private final Set<String> servers = new LinkedHashSet<>();
    private final List<String> queries = new ArrayList<>();
    private final List<Evidence.Dropped> dropped = new ArrayList<>();

    Lookup(
            Question question,
            Name name,
            Asker asker,
            AnswerReader reader,
            Families families,
            AddressOrder order,
            boolean srvWeights,
            Meanwhile meanwhile,
            Consumer<Resolution> done) {
        this.question = question;
        this.name = name;
        this.asker = asker;
        this.reader = reader;
        this.families = families;
        this.order = order;
        this.srvWeights = srvWeights;
        this.meanwhile = meanwhile;
        this.done = done;
    }

    void start() {
        if (question.port().isPresent()) {
            Port.Named port = question.port().get();
            askService(port);
        } else {
            Set<Integer> answered = new HashSet<>();
            askAddresses(
                    name,
                    families,
                    (type, answer) -> {
                        answered.add(type);
                        if (answered.size() == 1 && answer.kind() == Kind.FOUND) {
                            meanwhile.after(OTHER_FAMILY, () -> answered.size() == 1 ? one(answer) : Optional.empty());
                        }
                    },
                    answers -> {
                        answered.addAll(List.of(Type.A, Type.AAAA));
                        done.accept(combine(answers));
                    });
        }
    }

    private void askService(Port.Named port) {
        Name owner = DnsSource.absolute(port.labels() + "." + question.name());
        ask(owner, Type.SRV, reply -> {
            if (reply instanceof DnsReply.Failed failed) {
                done.accept(unknown("", failed.why()));
                return;
            }
            DnsReply.Answered answered = (DnsReply.Answered) reply;
            Message message = answered.message();
            int rcode = message.getRcode();
            if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
                String code = Rcode.string(rcode);
                done.accept(unknown(code, reader.refused(code, answered.server())));
                return;
            }
            List<SRVRecord> services = reader.services(message, owner, dropped);
            Optional<Evidence.Dropped> refused =
                    dropped.stream().filter(d -> !d.address().equals(".")).findFirst();
            if (services.isEmpty() && refused.isPresent()) {
                done.accept(unknown(
                        "NOERROR",
                        "every SRV target was dropped: " + refused.get().rule()));
            } else if (services.isEmpty() && answered.partial()) {
                done.accept(unknown("NOERROR", "truncated, and TCP did not complete it"));
            } else if (services.isEmpty()) {
                portNotServed(port, AnswerReader.negativeTtl(message));
            } else {
                new Targets(services, answered).resolve();
            }
        });
    }

    /** No SRV: either the name is gone, or it is there and has no port of that name. */
    private void portNotServed(Port.Named port, long negativeTtl) {
        askAddresses(name, Families.both(), answers -> {
            boolean exists = answers.stream().anyMatch(a -> a.kind() == Kind.FOUND || a.kind() == Kind.EMPTY);
            boolean gone = answers.stream().anyMatch(a -> a.kind() == Kind.NO_SUCH_NAME);
            if (exists && !gone) {
                Optional<FamilyAnswer> empty = empty(answers);
                String alias = empty.map(FamilyAnswer::detail).orElse("");
                done.accept(new Resolution.Empty(
                        negative(negativeTtl),
                        evidence(
                                "NOERROR",
                                "port name " + port.name() + " not served" + (alias.isEmpty() ? "" : ": " + alias)),
                        empty.flatMap(FamilyAnswer::outside)));
            } else if (gone) {
                String detail = first(answers, Kind.NO_SUCH_NAME)
                        .map(FamilyAnswer::detail)
                        .orElse("");
                done.accept(new Resolution.NoSuchName(negative(negativeTtl), evidence("NXDOMAIN", detail)));
            } else {
                done.accept(combine(answers));
            }
        });
    }

    private Optional<Resolution> one(FamilyAnswer answer) {
        List<Endpoint> endpoints = answer.addresses().stream()
                .map(address -> Endpoint.of(address, 0))
                .toList();
        Evidence said = new Evidence(
                queries,
                String.join(", ", servers),
                answer.rcode(),
                "the other address family has not been answered yet",
                answer.dropped());
        return Optional.of(new Resolution.Found(endpoints, false, believed(answer.ttl()), said));
    }

    private void askAddresses(Name target, Families wanted, Consumer<List<FamilyAnswer>> then) {
        askAddresses(target, wanted, (type, answer) -> {}, then);
    }

    private void askAddresses(
            Name target, Families wanted, BiConsumer<Integer, FamilyAnswer> each, Consumer<List<FamilyAnswer>> then) {
        List<Integer> types = wanted.types();
        SortedMap<Integer, FamilyAnswer> answers = new TreeMap<>(); // what is said must not depend on who came first
        for (int type : types) {
            ask(target, type, reply -> {
                FamilyAnswer answer = wanted.judged(type, reader.addresses(reply, target, type));
                answers.put(type, answer);
                each.accept(type, answer);
                if (answers.size() == types.size()) {
                    then.accept(List.copyOf(answers.values()));
                }
            });
        }
    }

    private void ask(Name asked, int type, Consumer<DnsReply> then) {
        queries.add(asked + " " + Type.string(type));
        asker.ask(asked, type, reply -> {
            if (reply instanceof DnsReply.Answered answered) {
                servers.add(DnsClient.show(answered.server()));
            }
            then.accept(reply);
        });
    }

    /** Both families together: any address is found; any no-such-name else; then an alias to the outside; unknown; empty. */
    private Resolution combine(List<FamilyAnswer> answers) {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        long ttl = Long.MAX_VALUE;
        boolean complete = true;
        for (FamilyAnswer answer : answers) {
            dropped.addAll(answer.dropped());
            addresses.addAll(answer.addresses());
            if (answer.kind() == Kind.FOUND) {
                ttl = Math.min(ttl, answer.ttl());
            }
            complete &= !answer.partial();
        }
        Optional<FamilyAnswer> unknown = first(answers, Kind.UNKNOWN);
        if (!addresses.isEmpty()) {
            List<Endpoint> endpoints = order.sorted(addresses, dropped).stream()
                    .map(address -> Endpoint.of(address, 0))
                    .toList();
            String detail =
                    unknown.map(FamilyAnswer::detail).orElse(complete ? "" : "truncated, and TCP did not complete it");
            return new Resolution.Found(endpoints, complete, believed(ttl), evidence("NOERROR", detail));
        }
        Optional<FamilyAnswer> gone = first(answers, Kind.NO_SUCH_NAME);
        if (gone.isPresent()) {
            return new Resolution.NoSuchName(
                    negative(answers, Kind.NO_SUCH_NAME),
                    evidence("NXDOMAIN", gone.get().detail()));
        }
        boolean alias =
                answers.stream().anyMatch(answer -> answer.outside().isPresent()); // which it is for both families
        if (unknown.isPresent() && !alias) {
            return unknown(unknown.get().rcode(), unknown.get().detail());
        }
        FamilyAnswer empty = empty(answers).orElseThrow();
        return new Resolution.Empty(
                negative(answers, Kind.EMPTY), evidence("NOERROR", empty.detail()), empty.outside());
    }

    /** The family that has something to say of why there is nothing, else any. */
    private static Optional<FamilyAnswer> empty(List<FamilyAnswer> answers) {
        return answers.stream()
                .filter(answer -> answer.kind() == Kind.EMPTY)
                .max(Comparator.comparing(
                                (FamilyAnswer answer) -> answer.outside().isPresent())
                        .thenComparing(answer -> !answer.detail().isEmpty()));
    }

    /** The least of the families. */
    private static Duration negative(List<FamilyAnswer> answers, Kind kind) {
        return answers.stream()
                .filter(answer -> answer.kind() == kind)
                .map(answer -> negative(answer.ttl()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Optional<FamilyAnswer> first(List<FamilyAnswer> answers, Kind kind) {
        return answers.stream().filter(a -> a.kind() == kind).findFirst();
    }

    private Resolution unknown(String rcode, String detail) {
        return new Resolution.Unknown(List.of(), Duration.ZERO, evidence(rcode, detail));
    }

    private Evidence evidence(String rcode, String detail) {
        return new Evidence(queries, String.join(", ", servers), rcode, detail, dropped);
    }

    private static Duration believed(long ttl) {
        Duration said = Duration.ofSeconds(ttl);
        return said.compareTo(EndpointSource.PUSHED) > 0 ? EndpointSource.PUSHED : said;
    }

    private static Duration negative(long ttl) {
        return Duration.ofSeconds(ttl < 0 ? DEFAULT_NEGATIVE : ttl);
    }

    /** Asks one question on the wire; the answer comes back on the serial executor. */
    interface Asker {
        void ask(Name name, int type, Consumer<DnsReply> then);
    }

    /** Tells what is known by then, if it is worth telling; the lookup goes on. */
    interface Meanwhile {
        void after(Duration wait, Supplier<Optional<Resolution>> soFar);
    }

    /** The targets of an SRV answer on their way to addresses. */
    private final class Targets {
        private final List<SRVRecord> services;
        private final DnsReply.Answered answered;
        private final Map<Name, Set<InetAddress>> addresses = new LinkedHashMap<>();
        private long ttl = Long.MAX_VALUE;
        private boolean complete;
        private String trouble = "";
        private int open;

        Targets(List<SRVRecord> services, DnsReply.Answered answered) {
            this.services = services;
            this.answered = answered;
            this.complete = !answered.partial();
        }

        void resolve() {
            List<Name> unglued = new ArrayList<>();
            for (SRVRecord service : services) {
                ttl = Math.min(ttl, service.getTTL());
                Name target = service.getTarget();
                if (addresses.containsKey(target)) {
                    continue;
                }
                Optional<FamilyAnswer> glue = reader.glue(answered.message(), target);
                addresses.put(target, new LinkedHashSet<>());
                if (glue.isPresent()) {
                    take(target, glue.get());
                } else {
                    unglued.add(target);
                }
            }
            if (unglued.size() > MAX_TARGETS) {
                unglued.subList(MAX_TARGETS, unglued.size())
                        .forEach(target -> dropped.add(new Evidence.Dropped(
                                AnswerReader.show(target), "more than " + MAX_TARGETS + " SRV targets without glue")));
                unglued = new ArrayList<>(unglued.subList(0, MAX_TARGETS));
                complete = false;
            }
            open = unglued.size() + 1;
            for (Name target : unglued) {
                askAddresses(target, Families.both(), answers -> {
                    answers.forEach(answer -> take(target, answer));
                    settle();
                });
            }
            settle();
        }

        private void take(Name target, FamilyAnswer answer) {
            dropped.addAll(answer.dropped());
            addresses.computeIfAbsent(target, t -> new LinkedHashSet<>()).addAll(answer.addresses());
            if (answer.kind() == Kind.FOUND) {
                ttl = Math.min(ttl, answer.ttl());
            } else if (answer.kind() == Kind.UNKNOWN) {
                complete = false;
                trouble = answer.detail();
            }
        }

        private void settle() {
            if (--open > 0) {
                return;
            }
            Set<InetAddress> all = new LinkedHashSet<>();
            addresses.values().forEach(all::addAll);
            List<InetAddress> ordered = order.sorted(all, dropped);
            Map<InetAddress, Integer> rank = new HashMap<>();
            ordered.forEach(address -> rank.put(address, rank.size()));
            Map<InetSocketAddress, Endpoint> endpoints = new LinkedHashMap<>(); // two clusters may name one
            for (SRVRecord service : services) {
                String cluster = cluster(service.getTarget());
                for (InetAddress address : addresses.getOrDefault(service.getTarget(), Set.of())) {
                    if (rank.containsKey(address)) {
                        Endpoint endpoint =
                                Endpoint.of(address, service.getPort()).withCluster(cluster);
                        endpoints.putIfAbsent(
                                endpoint.socketAddress(), srvWeights ? weighted(endpoint, service) : endpoint);
                    }
                }
            }
            if (!endpoints.isEmpty()) {
                List<Endpoint> sorted = new ArrayList<>(endpoints.values());
                sorted.sort(Comparator.comparingInt(e -> rank.getOrDefault(e.address(), 0)));
                done.accept(new Resolution.Found(sorted, complete, believed(ttl), evidence("NOERROR", trouble)));
            } else if (!complete) {
                String left = dropped.isEmpty()
                        ? "no SRV target could be looked up"
                        : "every address was dropped: " + dropped.get(0).rule()
                                + " (discovery.dns.allow-addresses lets blocks through)";
                done.accept(unknown("NOERROR", trouble.isEmpty() ? left : trouble));
            } else {
                done.accept(new Resolution.Empty(
                        negative(-1), evidence("NOERROR", services.size() + " SRV targets, none with an address")));
            }
        }

        /** RFC 2782: of weight 0 there should be "a very small chance"; ours is a weight of 1. */
        private Endpoint weighted(Endpoint endpoint, SRVRecord service) {
            return endpoint.withWeight(Math.max(1, service.getWeight())).withPriority(service.getPriority());
        }

        /** {@code host.clusterid.svc.ns.svc.zone} (KEP-1645): two labels in front of the service's own name. */
        private String cluster(Name target) {
            int extra = target.labels() - name.labels();
            return extra == 2 && target.subdomain(name) ? target.getLabelString(1) : "";
        }
    }
}
