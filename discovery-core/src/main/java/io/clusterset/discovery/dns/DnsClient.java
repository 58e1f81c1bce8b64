package io.clusterset.discovery.dns;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.time.Scheduler.Pending;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * Asks one question on the wire: a fresh UDP socket and a random id per try, tries at 0, 150, 400 and 900 ms with the next
 * server first, wrong packets ignored while waiting goes on (RFC 5452), TCP on truncation, EDNS 1232 and once without it on
 * FORMERR. All of it on the loop's thread; callers of {@link #ask} don't wait.
 */
final class DnsClient {

    private static final int PAYLOAD = 1232;
    private static final int HEADER = 12;
    private static final List<Duration> TRIES =
            List.of(Duration.ZERO, Duration.ofMillis(150), Duration.ofMillis(400), Duration.ofMillis(900));

    private final IoLoop io;
    private final RandomGenerator random;
    private final Duration timeout;

    DnsClient(IoLoop io, RandomGenerator random, Duration timeout) {
        this.io = io;
        this.random = random;
        this.timeout = timeout;
    }

    /**
     * Asks; answers exactly once, on the loop's thread.
     *
     * @param servers at least one, in the order to ask them
     */
    void ask(Name name, int type, List<InetSocketAddress> servers, Effort effort, Consumer<DnsReply> answer) {
        Asking asking = new Asking(Record.newRecord(name, type, DClass.IN), servers, answer);
        if (!io.execute(() -> asking.begin(effort))) {
            answer.accept(new DnsReply.Failed("no socket could be opened"));
        }
    }

    /** The state of one question; used on the loop's thread only. */
    private final class Asking {
        private final Record question;
        private final List<InetSocketAddress> servers;
        private final Consumer<DnsReply> answer;
        private final List<Pending> open = new ArrayList<>();
        private final Set<InetSocketAddress> refusedBy = new LinkedHashSet<>();
        private final List<String> failures = new ArrayList<>();
        private boolean done;
        private boolean plain; // without EDNS, after FORMERR
        private int tries;
        private int inFlight;
        private Optional<DnsReply> refusal = Optional.empty(); // SERVFAIL and its kind, if nobody knows better

        Asking(Record question, List<InetSocketAddress> servers, Consumer<DnsReply> answer) {
            this.question = question;
            this.servers = servers;
            this.answer = answer;
        }

        void begin(Effort effort) {
            open.add(io.schedule(timeout, this::giveUp));
            if (effort == Effort.CONFIRM) {
                byTcp(servers.get(servers.size() - 1), () -> {});
                return;
            }
            for (int i = 0; i < TRIES.size(); i++) {
                int nth = i;
                open.add(io.schedule(TRIES.get(i), () -> byUdp(servers.get(nth % servers.size()))));
            }
        }

        private void byUdp(InetSocketAddress server) {
            if (done || refusedBy.contains(server)) {
                return;
            }
            tries++;
            inFlight++;
            Message query = query();
            int id = query.getHeader().getID();
            open.add(io.datagram(
                    server,
                    query.toWire(),
                    timeout,
                    packet -> accepted(packet, id, server),
                    failed -> failed(server, failed)));
        }

        private boolean accepted(ByteBuffer packet, int id, InetSocketAddress server) {
            if (done) {
                return true;
            }
            if (!looksOurs(packet, id)) {
                return false;
            }
            Message message;
            try {
                message = new Message(packet);
            } catch (IOException | RuntimeException unreadable) {
                return false; // not an answer: wait for one
            }
            if (!asksOurs(message)) {
                return false;
            }
            inFlight--;
            if (message.getHeader().getFlag(Flags.TC)) {
                byTcp(server, () -> finish(new DnsReply.Answered(message, server, true)));
            } else {
                judge(message, server);
            }
            return true;
        }

        private void judge(Message message, InetSocketAddress server) {
            int rcode = message.getRcode();
            if (rcode == Rcode.FORMERR && !plain) {
                plain = true;
                byUdp(server);
                return;
            }
            boolean settled = rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
            refusedBy.add(server);
            if (!settled && !refusedBy.containsAll(servers)) {
                refusal = Optional.of(new DnsReply.Answered(message, server, false));
                // somebody else may know: the next one that has not refused, now rather than at its turn
                servers.stream().filter(s -> !refusedBy.contains(s)).findFirst().ifPresent(this::byUdp);
                return;
            }
            finish(new DnsReply.Answered(message, server, false));
        }

        private void byTcp(InetSocketAddress server, Runnable otherwise) {
            Message query = query();
            int id = query.getHeader().getID();
            open.add(io.stream(
                    server,
                    query.toWire(),
                    timeout.dividedBy(2),
                    message -> {
                        if (!looksOurs(message, id)) {
                            return false;
                        }
                        try {
                            Message parsed = new Message(message);
                            if (asksOurs(parsed)) {
                                finish(new DnsReply.Answered(
                                        parsed, server, parsed.getHeader().getFlag(Flags.TC)));
                                return true;
                            }
                        } catch (IOException | RuntimeException unreadable) {
                            failures.add("unreadable answer by TCP from " + show(server));
                        }
                        return false;
                    },
                    failed -> {
                        failures.add("TCP to " + show(server) + ": " + reason(failed));
                        otherwise.run();
                    }));
        }

        private void failed(InetSocketAddress server, IOException why) {
            failures.add(servers.size() == 1 ? reason(why) : show(server) + ": " + reason(why));
            inFlight--;
            if (!done && inFlight == 0 && tries >= TRIES.size()) {
                giveUp(); // every try was refused: nothing is left to wait for
            }
        }

        private Message query() {
            Message query = Message.newQuery(question);
            query.getHeader().setID(random.nextInt(1 << 16));
            if (!plain) {
                query.addRecord(new OPTRecord(PAYLOAD, 0, 0), Section.ADDITIONAL);
            }
            return query;
        }

        /** Id, direction and opcode, before anything is parsed. */
        private boolean looksOurs(ByteBuffer packet, int id) {
            int at = packet.position();
            if (packet.remaining() < HEADER) {
                return false;
            }
            int flags = packet.getShort(at + 2);
            boolean response = (flags & 0x8000) != 0;
            int opcode = (flags >> 11) & 0xf;
            return (packet.getShort(at) & 0xffff) == id && response && opcode == 0;
        }

        private boolean asksOurs(Message message) {
            Record asked = message.getQuestion();
            if (asked == null && message.getRcode() == Rcode.FORMERR) {
                return true; // servers without EDNS may answer with a header alone
            }
            return asked != null
                    && asked.getName().equals(question.getName())
                    && asked.getType() == question.getType()
                    && asked.getDClass() == question.getDClass();
        }

        private void giveUp() {
            String who = servers.stream().map(DnsClient::show).collect(Collectors.joining(", "));
            Set<String> why = new LinkedHashSet<>(failures);
            String reasons = why.isEmpty() ? "" : " (" + String.join("; ", why) + ")";
            finish(refusal.orElseGet(() -> new DnsReply.Failed("no answer from " + who + reasons)));
        }

        private void finish(DnsReply reply) {
            if (!done) {
                done = true;
                open.forEach(Pending::cancel);
                answer.accept(reply);
            }
        }
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
