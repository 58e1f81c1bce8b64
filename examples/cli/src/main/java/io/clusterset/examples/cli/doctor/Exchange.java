package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.time.Ticker;
import io.clusterset.examples.cli.doctor.Query.How;
import io.clusterset.examples.cli.doctor.Reply.Entry;
import io.clusterset.examples.cli.doctor.Reply.Outcome;
import io.clusterset.examples.cli.doctor.Reply.Soa;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * One question to one server, over a socket of its own, for no longer than it is given. No retry, no search list, no cache, and
 * the resolver of the JVM has no part in it. Fails at nothing: what goes wrong is the reply.
 */
final class Exchange {

    private static final int DATAGRAM = 65_535;
    private static final int EDNS_SIZE = 1232;

    private final Ticker ticker;

    Exchange(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Asks and waits. */
    Reply ask(InetSocketAddress server, Query query, Duration within) {
        long start = ticker.nanos();
        try {
            Message question = message(query);
            Message answer = query.how() == How.TCP
                    ? overTcp(server, question, start, within)
                    : overUdp(server, question, start, within);
            return reply(query, answer, since(start));
        } catch (SocketTimeoutException late) {
            return Reply.none(query, Outcome.SILENT, since(start), "");
        } catch (PortUnreachableException | ConnectException closed) {
            return refused(closed) ? Reply.none(query, Outcome.CLOSED, since(start), "") : broken(query, start, closed);
        } catch (IOException | RuntimeException failed) { // of the codec: a server may send anything
            return broken(query, start, failed);
        }
    }

    private Reply broken(Query query, long start, Exception failed) {
        String message = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
        return Reply.none(query, Outcome.BROKEN, since(start), message);
    }

    private static boolean refused(IOException closed) {
        return closed instanceof PortUnreachableException
                || String.valueOf(closed.getMessage()).contains("refused");
    }

    private Duration since(long start) {
        return Duration.ofNanos(ticker.nanos() - start);
    }

    private int left(long start, Duration within) throws SocketTimeoutException {
        long millis = within.minus(since(start)).toMillis();
        if (millis <= 0) {
            throw new SocketTimeoutException("out of time");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    private static Message message(Query query) throws IOException {
        int type = Type.value(query.type());
        int dclass = query.how() == How.CHAOS ? DClass.CH : DClass.IN;
        Message question = Message.newQuery(Record.newRecord(Name.fromString(query.name() + "."), type, dclass));
        question.addRecord(new OPTRecord(EDNS_SIZE, 0, 0), Section.ADDITIONAL);
        return question;
    }

    /** What is not the answer, or can't be read, is passed over while there is time: anybody can send a datagram. */
    private Message overUdp(InetSocketAddress server, Message question, long start, Duration within)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server); // packets of others don't come through, "port unreachable" does
            byte[] sent = question.toWire();
            socket.send(new DatagramPacket(sent, sent.length));
            byte[] buffer = new byte[DATAGRAM];
            boolean unreadable = false;
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                try {
                    socket.setSoTimeout(left(start, within));
                    socket.receive(packet);
                } catch (SocketTimeoutException late) {
                    throw unreadable ? new IOException("an answer that can't be read, and no other", late) : late;
                }
                byte[] received = Arrays.copyOf(buffer, packet.getLength());
                if (isForUs(received, sent)) {
                    Optional<Message> answer = parsed(received);
                    unreadable |= answer.isEmpty();
                    if (answer.filter(message -> isTo(message, question)).isPresent()) {
                        return answer.get();
                    }
                }
            }
        }
    }

    private static Optional<Message> parsed(byte[] received) {
        try {
            return Optional.of(new Message(received));
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private Message overTcp(InetSocketAddress server, Message question, long start, Duration within)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, left(start, within));
            byte[] sent = question.toWire();
            ByteBuffer framed = ByteBuffer.allocate(2 + sent.length);
            framed.putShort((short) sent.length).put(sent);
            socket.getOutputStream().write(framed.array());
            byte[] length = read(socket, 2, start, within);
            byte[] received = read(socket, ByteBuffer.wrap(length).getShort() & 0xFFFF, start, within);
            Message answer = new Message(received);
            if (!isForUs(received, sent) || !isTo(answer, question)) {
                throw new IOException("an answer to another question");
            }
            return answer;
        }
    }

    /** In pieces, so that one octet a second does not keep us. */
    private byte[] read(Socket socket, int count, long start, Duration within) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[count];
        int got = 0;
        while (got < count) {
            socket.setSoTimeout(left(start, within));
            int more = in.read(bytes, got, count - got);
            if (more < 0) {
                throw new EOFException("closed without an answer");
            }
            got += more;
        }
        return bytes;
    }

    /** Same id, and an answer; looked at before anything is parsed. */
    private static boolean isForUs(byte[] received, byte[] sent) {
        return received.length >= 12 && received[0] == sent[0] && received[1] == sent[1] && (received[2] & 0x80) != 0;
    }

    /** A server that could not read the question may leave it out. */
    private static boolean isTo(Message answer, Message question) {
        return answer.getQuestion() == null
                ? answer.getRcode() == Rcode.FORMERR || answer.getRcode() == Rcode.NOTIMP
                : answer.getQuestion().equals(question.getQuestion());
    }

    private static Reply reply(Query query, Message answer, Duration took) {
        List<Entry> entries = new ArrayList<>();
        for (Record record : answer.getSection(Section.ANSWER)) {
            entries.add(new Entry(
                    bare(record.getName()), record.getTTL(), Type.string(record.getType()), record.rdataToString()));
        }
        Optional<Soa> soa = soa(answer, Section.AUTHORITY).or(() -> soa(answer, Section.ANSWER));
        int edns = answer.getOPT() == null ? -1 : answer.getOPT().getPayloadSize();
        boolean truncated = answer.getHeader().getFlag(Flags.TC);
        return new Reply(
                query, Outcome.ANSWERED, Rcode.string(answer.getRcode()), truncated, edns, entries, soa, took, "");
    }

    private static Optional<Soa> soa(Message answer, int section) {
        for (Record record : answer.getSection(section)) {
            if (record instanceof SOARecord soa) {
                return Optional.of(new Soa(
                        bare(soa.getName()), bare(soa.getHost()), soa.getSerial(), soa.getTTL(), soa.getMinimum()));
            }
        }
        return Optional.empty();
    }

    private static String bare(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT).replaceAll("^\\.$", "");
    }
}
