package io.clusterset.discovery.testkit;

import io.clusterset.discovery.testkit.DnsAnswer.Delivery;
import io.clusterset.discovery.testkit.DnsAnswer.Records;
import io.clusterset.discovery.testkit.DnsAnswer.Reply;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TTL;
import org.xbill.DNS.Type;

/** The bytes of answers, including those that dnsjava would not write. */
final class DnsWire {

    /** Bytes of a message before its first question. */
    static final int HEADER = 12;

    private static final int MAX_MESSAGE = 65_535;
    private static final int OWN_PAYLOAD_SIZE = 1232;

    private DnsWire() {}

    static boolean isQuestion(byte[] message) {
        return message.length >= HEADER && (message[2] & 0x80) == 0;
    }

    static boolean isTruncated(byte[] message) {
        return message.length > 2 && (message[2] & 0x02) != 0;
    }

    /** An answer of header only, to something that could not be understood. */
    static byte[] headerOnly(byte[] question, Rcode rcode) {
        byte[] answer = new byte[HEADER];
        answer[0] = question[0];
        answer[1] = question[1];
        answer[2] = (byte) (0x80 | (question[2] & 0x79));
        answer[3] = (byte) rcode.code();
        return answer;
    }

    /** The size an answer may have. */
    static int limit(Message question, Transport transport) {
        if (transport == Transport.TCP) {
            return MAX_MESSAGE;
        }
        OPTRecord edns = question.getOPT();
        return edns == null ? 512 : Math.max(512, edns.getPayloadSize());
    }

    /**
     * As many answers as fit, in their order, as CoreDNS truncates: dnsjava would leave out all of them. Glue that does
     * not fit is left out first, which is no truncation.
     */
    static byte[] encode(Message question, Reply reply, Delivery delivery, Name zone, Transport transport) {
        int limit = limit(question, transport);
        int most = reply.records().answers().size();
        boolean cut = delivery.isTruncated(transport);
        if (cut) {
            most = Math.min(delivery.keepOnUdp(), most);
        }
        Draft draft = new Draft(question, reply, zone);
        byte[] wire = cut ? draft.truncatedTo(most) : draft.whole();
        if (!cut && wire.length > limit) {
            wire = draft.withoutGlue();
        }
        if (wire.length > limit) {
            wire = draft.truncatedTo(mostThatFit(draft, most, limit));
        }
        if (reply.records().ttl() > TTL.MAX_VALUE) {
            writeTtls(wire, reply.records().ttl());
        }
        return wire;
    }

    private static int mostThatFit(Draft draft, int most, int limit) {
        int fits = 0;
        int tooMany = most + 1;
        while (tooMany - fits > 1) {
            int tried = (fits + tooMany) / 2;
            if (draft.truncatedTo(tried).length <= limit) {
                fits = tried;
            } else {
                tooMany = tried;
            }
        }
        return fits;
    }

    /** An answer that may be written more or less completely. */
    private record Draft(Message question, Reply reply, Name zone) {

        byte[] whole() {
            return write(reply.records().answers(), reply.records().glue(), false);
        }

        byte[] withoutGlue() {
            return write(reply.records().answers(), List.of(), false);
        }

        byte[] truncatedTo(int kept) {
            return write(reply.records().answers().subList(0, kept), List.of(), true);
        }

        private byte[] write(List<Record> answers, List<Record> glue, boolean truncated) {
            Message answer = new Message(question.getHeader().getID());
            writeHeader(question.getHeader(), answer.getHeader(), reply.rcode(), truncated);
            answer.addRecord(question.getQuestion(), Section.QUESTION);
            answers.forEach(record -> answer.addRecord(record, Section.ANSWER));
            if (reply.soa() != null) {
                answer.addRecord(DnsRecords.soa(zone, reply.soa()), Section.AUTHORITY);
            }
            glue.forEach(record -> answer.addRecord(record, Section.ADDITIONAL));
            if (question.getOPT() != null) {
                answer.addRecord(new OPTRecord(OWN_PAYLOAD_SIZE, 0, 0), Section.ADDITIONAL);
            }
            return answer.toWire();
        }
    }

    /** A false answer to the question, well-formed and easy to recognize. */
    static byte[] poison(Message question) {
        Record asked = question.getQuestion();
        Duration ttl = Duration.ofDays(1);
        Reply reply = switch (asked.getType()) {
            case Type.A -> new Reply(Rcode.NOERROR, DnsRecords.of(asked.getName(), Type.A, ttl, "203.0.113.66"), null);
            case Type.AAAA ->
                new Reply(Rcode.NOERROR, DnsRecords.of(asked.getName(), Type.AAAA, ttl, "2001:db8::666"), null);
            default -> new Reply(Rcode.NXDOMAIN, Records.NONE, null);
        };
        return encode(question, reply, Delivery.PLAIN, Name.root, Transport.UDP);
    }

    /** The index behind the (possibly compressed) name that starts at an index. */
    static int afterName(byte[] message, int start) {
        int at = start;
        while (true) {
            int length = message[at] & 0xff;
            if (length == 0) {
                return at + 1;
            }
            if (length >= 0xc0) {
                return at + 2;
            }
            at += length + 1;
        }
    }

    private static void writeHeader(Header asked, Header answer, Rcode rcode, boolean truncated) {
        answer.setOpcode(asked.getOpcode());
        answer.setFlag(Flags.QR);
        if (rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN) {
            answer.setFlag(Flags.AA);
        }
        if (asked.getFlag(Flags.RD)) {
            answer.setFlag(Flags.RD);
        }
        if (truncated) {
            answer.setFlag(Flags.TC);
        }
        answer.setRcode(rcode.code());
    }

    /** Writes one time to live over those of all answers: dnsjava can't write more than 31 bits. */
    private static void writeTtls(byte[] message, long ttl) {
        int at = afterName(message, HEADER) + 4;
        for (int answers = unsignedShort(message, 6); answers > 0; answers--) {
            at = afterName(message, at) + 4;
            for (int i = 0; i < 4; i++) {
                message[at + i] = (byte) (ttl >>> (24 - 8 * i));
            }
            at += 6 + unsignedShort(message, at + 4);
        }
    }

    private static int unsignedShort(byte[] message, int at) {
        return (message[at] & 0xff) << 8 | (message[at + 1] & 0xff);
    }

    /** A message as TCP carries it, behind its length. */
    static byte[] framed(byte[] message) {
        byte[] frame = new byte[message.length + 2];
        frame[0] = (byte) (message.length >> 8);
        frame[1] = (byte) message.length;
        System.arraycopy(message, 0, frame, 2, message.length);
        return frame;
    }
}
