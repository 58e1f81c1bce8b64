package io.clusterset.discovery.dns;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.time.Scheduler.Pending;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * Asks one question on the wire: a fresh UDP socket and a random id per try, tries at 0, 150, 400 and 900 ms with the next
 * server first, wrong packets ignored while waiting goes on (RFC 5452) and TCP after ten of them, TCP on truncation (a
 * connection of its own each time), EDNS 1232 and once without it where a server can't. All of it on the loop's thread;
 * callers of {@link #ask} don't wait.
 */
final class DnsClient {

    /** RFC 6891: the root's name, type 41, 1232 octets of payload, no flags, no options. */
    private static final byte[] OPT = {0, 0, 41, 1232 >> 8, (byte) 1232, 0, 0, 0, 0, 0, 0};

    private static final int HEADER = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int SUSPICIOUS = 10; // wrong packets for one question: somebody guesses
    private static final long SILENCE = 150_000_000L; // a server that has had less time than a try is not silent
    private static final List<Duration> PAUSES = // tries at 0, 150, 400 and 900 ms
            List.of(Duration.ofMillis(150), Duration.ofMillis(250), Duration.ofMillis(500));

    private final IoLoop io;
    private final RandomGenerator random;
    private final Ticker ticker;
    private final Supplier<Duration> timeout;
    private final Nameservers nameservers;
    private final AtomicInteger repeated = new AtomicInteger();
    private final byte[] ids = new byte[64];
    private int drawn = ids.length;

    /** With who is told, on the loop's thread, when a server goes down and when it answers again. */
    DnsClient(
            IoLoop io,
            RandomGenerator random,
            Ticker ticker,
            Supplier<Duration> timeout,
            Nameservers.Listener servers) {
        this.io = io;
        this.random = random;
        this.ticker = ticker;
        this.timeout = timeout;
        this.nameservers = new Nameservers(ticker, servers);
    }

    /**
     * Asks; answers exactly once, on the loop's thread.
     *
     * @param zone where the name lies: a server may be silent for one zone, or not serve it, and be well for another
     * @param servers at least one, in the order to ask them
     */
    void ask(
            Name name, int type, Name zone, List<InetSocketAddress> servers, Effort effort, Consumer<DnsReply> answer) {
        Asking asking = new Asking(name, type, zone, servers, answer);
        if (!io.execute(() -> asking.begin(effort))) {
            answer.accept(new DnsReply.Failed("nothing can be sent: closed, or no thread could be started"));
        }
    }

    /** Ids are drawn many at a time: a secure source charges by the call. On the loop's thread. */
    private void drawId(byte[] wire) {
        if (drawn == ids.length) {
            random.nextBytes(ids);
            drawn = 0;
        }
        wire[0] = ids[drawn];
        wire[1] = ids[drawn + 1];
        drawn += 2;
    }

    /** How many queries beyond the first of a question were sent since this was last asked. */
    int repeated() {
        return repeated.getAndSet(0);
    }

    /** The state of one question; used on the loop's thread only. */
    private final class Asking {
        private final byte[] query; // with id 0
        private final int questionEnds;
        private final Name zone;
        private final List<InetSocketAddress> all;
        private final Consumer<DnsReply> answer;
        private final List<Pending> open = new ArrayList<>();
        private final Map<InetSocketAddress, Long> waitingFor = new LinkedHashMap<>(); // since when
        private final Set<InetSocketAddress> refusedBy = new LinkedHashSet<>();
        private final Set<InetSocketAddress> streamed = new LinkedHashSet<>();
        private final Set<String> failures = new LinkedHashSet<>();
        private List<InetSocketAddress> servers = List.of(); // those that are up
        private Pending retry = () -> {};
        private boolean done;
        private boolean plain; // without EDNS, after FORMERR
        private int planned;
        private int tries;
        private int inFlight;
        private int streaming;
        private int misses;
        private Optional<DnsReply.Answered> refusal = Optional.empty(); // SERVFAIL and its kind, if nobody knows better
        private Optional<DnsReply> cutShort = Optional.empty(); // what was seen, if TCP doesn't show more

        Asking(Name name, int type, Name zone, List<InetSocketAddress> servers, Consumer<DnsReply> answer) {
            this.zone = zone;
            this.all = servers;
            this.answer = answer;
            byte[] owner = name.toWire();
            this.questionEnds = HEADER + owner.length + 4;
            this.query = ByteBuffer.allocate(questionEnds + OPT.length)
                    .putShort((short) 0)
                    .putShort((short) RECURSION_DESIRED)
                    .putShort((short) 1)
                    .putInt(0)
                    .putShort((short) 1)
                    .put(owner)
                    .putShort((short) type)
                    .putShort((short) DClass.IN)
                    .put(OPT)
                    .array();
        }

        void begin(Effort effort) {
            servers = nameservers.up(all, zone);
            List<InetSocketAddress> probed = nameservers.toProbe(all, zone);
            if (servers.isEmpty() && probed.isEmpty()) {
                long seconds = nameservers.silentFor(all.get(0), zone).toSeconds();
                finish(new DnsReply.Failed(
                        "no answer from " + names() + " (for " + seconds + " s; asked once a second)", true));
                return;
            }
            open.add(io.schedule(timeout.get(), this::giveUp));
            if (servers.isEmpty()) {
                servers = probed;
                planned = probed.size(); // one try each
                probed.forEach(this::byUdp);
            } else if (effort == Effort.CONFIRM) {
                byTcp(servers.get(servers.size() - 1), () -> {
                    servers = reversed(servers);
                    byTries();
                });
            } else {
                byTries();
                planned += probed.size();
                probed.forEach(this::byUdp);
            }
        }

        private void byTries() {
            planned = PAUSES.size() + 1;
            servers.stream().filter(s -> !refusedBy.contains(s)).findFirst().ifPresentOrElse(this::byUdp, this::giveUp);
            scheduleTry(1);
        }

        private void scheduleTry(int nth) {
            if (nth <= PAUSES.size()) {
                retry = io.schedule(PAUSES.get(nth - 1), () -> {
                    byTurn(servers.get(nth % servers.size()));
                    scheduleTry(nth + 1);
                });
            }
        }

        /** A try whose time has come: not worth it while a connection is about to tell everything. */
        private void byTurn(InetSocketAddress server) {
            if (streaming == 0) {
                byUdp(server);
            } else {
                tries++;
            }
        }

        private void byUdp(InetSocketAddress server) {
            if (done || refusedBy.contains(server)) {
                return;
            }
            if (tries > 0) {
                repeated.incrementAndGet();
            }
            tries++;
            inFlight++;
            waitingFor.putIfAbsent(server, ticker.nanos());
            byte[] wire = query(plain);
            int id = id(wire);
            open.add(io.datagram(
                    server,
                    wire,
                    timeout.get(),
                    packet -> accepted(packet, id, server),
                    failed -> failed(server, failed)));
        }

        private boolean accepted(ByteBuffer packet, int id, InetSocketAddress server) {
            if (done) {
                return true;
            }
            Message message;
            try {
                if (!looksOurs(packet, id)) {
                    return missed(server);
                }
                if ((packet.getShort(packet.position() + 2) & (1 << (15 - Flags.TC))) != 0) {
                    heard(server);
                    inFlight--;
                    cutShort = readable(packet).map(seen -> new DnsReply.Answered(seen, server, true));
                    byTcp(server, this::takeCutShort);
                    return true;
                }
                message = MessageScan.read(packet);
            } catch (IOException unreadable) {
                failures.add("unreadable answer from " + show(server) + ": " + unreadable.getMessage());
                return missed(server); // not an answer: wait for one
            }
            heard(server);
            inFlight--;
            judge(message, server);
            return true;
        }

        private boolean missed(InetSocketAddress server) {
            misses++;
            if (misses == SUSPICIOUS) {
                byTcp(server, () -> {}); // nobody off the path can guess a connection's sequence numbers too
            }
            return false;
        }

        private Optional<Message> readable(ByteBuffer packet) {
            try {
                return Optional.of(MessageScan.read(packet));
            } catch (IOException unreadable) {
                return Optional.empty();
            }
        }

        private void takeCutShort() {
            Optional<InetSocketAddress> another =
                    servers.stream().filter(s -> !streamed.contains(s)).findFirst();
            if (another.isPresent()) {
                byTcp(another.get(), this::takeCutShort);
            } else if (cutShort.isPresent()) {
                finish(cutShort.get());
            } else {
                giveUp();
            }
        }

        private void judge(Message message, InetSocketAddress server) {
            int rcode = message.getRcode();
            boolean noEdns = rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
            if (noEdns && !plain) {
                plain = true;
                byUdp(server);
                return;
            }
            DnsReply.Answered answered = new DnsReply.Answered(message, server, false);
            if (knows(message)) {
                finish(answered);
                return;
            }
            refused(answered);
            // somebody else may know: the next one that has not refused, now rather than at its turn
            Optional<InetSocketAddress> another =
                    servers.stream().filter(s -> !refusedBy.contains(s)).findFirst();
            if (another.isPresent()) {
                byUdp(another.get());
            } else {
                finish(refusal.get());
            }
        }

        /** Whether it is an answer, of a server that serves the zone. */
        private boolean knows(Message message) {
            int rcode = message.getRcode();
            return (rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN) && !AnswerReader.isForeign(message, zone);
        }

        /** Remembers it for the case that nobody knows; a server that can't tell says more than one of another zone. */
        private void refused(DnsReply.Answered answered) {
            refusedBy.add(answered.server());
            if (refusal.isEmpty() || AnswerReader.isForeign(refusal.get().message(), zone)) {
                refusal = Optional.of(answered);
            }
        }

        private void byTcp(InetSocketAddress server, Runnable otherwise) {
            if (done || !streamed.add(server)) {
                return;
            }
            if (tries > 0) {
                repeated.incrementAndGet();
            }
            streaming++;
            boolean others = streamed.size() < servers.size(); // then there must be time for them too
            byte[] wire =
                    query(true); // a stream has no payload limit, and BIND gives more of a huge answer without EDNS
            int id = id(wire);
            open.add(io.stream(
                    server,
                    wire,
                    timeout.get().dividedBy(others ? 4 : 2),
                    message -> {
                        try {
                            if (looksOurs(message, id)) {
                                Message parsed = MessageScan.read(message);
                                heard(server);
                                if (!knows(parsed)) {
                                    streaming--;
                                    refused(new DnsReply.Answered(parsed, server, false));
                                    otherwise.run(); // somebody else may know, or what UDP held has to do
                                    return true;
                                }
                                finish(new DnsReply.Answered(
                                        parsed, server, parsed.getHeader().getFlag(Flags.TC)));
                                return true;
                            }
                        } catch (IOException unreadable) {
                            failures.add(
                                    "unreadable answer by TCP from " + show(server) + ": " + unreadable.getMessage());
                        }
                        return false;
                    },
                    failed -> {
                        streaming--;
                        failures.add("TCP to " + show(server) + ": " + reason(failed));
                        otherwise.run();
                    }));
        }

        private void failed(InetSocketAddress server, IOException why) {
            failures.add(all.size() == 1 ? reason(why) : show(server) + ": " + reason(why));
            inFlight--;
            waitingFor.computeIfPresent(server, (s, since) -> since - SILENCE); // it had its chance
            if (!done && inFlight == 0 && tries >= planned && streaming == 0) {
                giveUp(); // every try was refused: nothing is left to wait for
            }
        }

        private void heard(InetSocketAddress server) {
            waitingFor.remove(server);
            nameservers.answered(server, zone);
        }

        private byte[] query(boolean bare) {
            byte[] wire = bare ? Arrays.copyOf(query, questionEnds) : query.clone();
            if (bare) {
                wire[11] = 0; // no additional record
            }
            drawId(wire);
            return wire;
        }

        private static int id(byte[] wire) {
            return ((wire[0] & 0xff) << 8) | (wire[1] & 0xff);
        }

        /** Id, direction, opcode and question, octet by octet, before anything is parsed. */
        private boolean looksOurs(ByteBuffer packet, int id) {
            int at = packet.position();
            if (packet.remaining() < HEADER || (packet.getShort(at) & 0xffff) != id) {
                return false;
            }
            int flags = packet.getShort(at + 2);
            boolean response = (flags & 0x8000) != 0;
            int opcode = (flags >> 11) & 0xf;
            if (!response || opcode != 0) {
                return false;
            }
            int questions = packet.getShort(at + 4);
            if (questions == 0 && (flags & 0xf) == Rcode.FORMERR) {
                return true; // servers without EDNS may answer with a header alone
            }
            if (questions != 1 || packet.remaining() < questionEnds) {
                return false;
            }
            for (int i = HEADER; i < questionEnds; i++) {
                if (folded(packet.get(at + i)) != folded(query[i])) {
                    return false;
                }
            }
            return true;
        }

        private void giveUp() {
            Set<String> why = failures;
            String reasons = why.isEmpty() ? "" : " (" + String.join("; ", why) + ")";
            finish(cutShort.or(() -> refusal.map(DnsReply.class::cast))
                    .orElseGet(() -> new DnsReply.Failed("no answer from " + names() + reasons)));
        }

        private String names() {
            return all.stream().map(DnsClient::show).collect(Collectors.joining(", "));
        }

        private void finish(DnsReply reply) {
            if (!done) {
                done = true;
                open.forEach(Pending::cancel);
                retry.cancel();
                long now = ticker.nanos();
                waitingFor.forEach((server, since) -> {
                    if (now - since >= SILENCE) {
                        nameservers.silent(server, zone, since);
                    }
                });
                answer.accept(reply);
            }
        }
    }

    /** Lower case, where it is a letter; lengths of labels are below any letter (RFC 4343). */
    private static int folded(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
    }

    private static List<InetSocketAddress> reversed(List<InetSocketAddress> servers) {
        List<InetSocketAddress> turned = new ArrayList<>(servers);
        Collections.reverse(turned);
        return turned;
    }

    static String show(InetSocketAddress server) {
        String host = Addresses.literal(server.getAddress());
        String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return server.getPort() == 53 ? host : bracketed + ":" + server.getPort();
    }

    private static String reason(IOException why) {
        if (why instanceof java.net.PortUnreachableException || why instanceof java.net.ConnectException) {
            return "nothing listens";
        }
        String message = why.getMessage();
        return message == null || message.isEmpty() ? why.getClass().getSimpleName() : message;
    }
}
