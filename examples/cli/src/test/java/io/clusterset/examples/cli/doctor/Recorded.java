package io.clusterset.examples.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers of real servers, put under the names that are asked here. */
final class Recorded {

    private static final Map<String, byte[]> ALL = new LinkedHashMap<>();

    static {
        try (InputStream stream = Recorded.class.getResourceAsStream("/recorded/coredns.txt")) {
            String text =
                    new String(Objects.requireNonNull(stream, "recordings").readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .map(line -> line.split(" "))
                    .forEach(words -> ALL.put(words[0], HexFormat.of().parseHex(words[5])));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Recorded() {}

    /** The octets of a recording, as an answer to this question. */
    static byte[] as(String id, Query query) {
        try {
            Message said = new Message(Objects.requireNonNull(ALL.get(id), id));
            Name was = said.getQuestion().getName();
            Name is = Name.fromString(query.name() + ".");
            Message moved = new Message(0);
            for (int flag : new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA}) {
                if (said.getHeader().getFlag(flag)) {
                    moved.getHeader().setFlag(flag);
                }
            }
            moved.getHeader().setRcode(said.getHeader().getRcode());
            moved.addRecord(
                    Record.newRecord(
                            is, Type.value(query.type()), said.getQuestion().getDClass()),
                    Section.QUESTION);
            for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
                for (Record record : said.getSection(section)) {
                    if (record.getType() != Type.OPT) {
                        moved.addRecord(renamed(record, was, is), section);
                    }
                }
            }
            moved.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
            return moved.toWire();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Record renamed(Record record, Name was, Name is) throws IOException {
        if (record instanceof SOARecord soa && soa.getName().equals(was)) {
            return new SOARecord(
                    is,
                    soa.getDClass(),
                    soa.getTTL(),
                    moved(soa.getHost(), was, is),
                    moved(soa.getAdmin(), was, is),
                    soa.getSerial(),
                    soa.getRefresh(),
                    soa.getRetry(),
                    soa.getExpire(),
                    soa.getMinimum());
        } else if (record instanceof SRVRecord srv && srv.getName().equals(was)) {
            return new SRVRecord(
                    is,
                    srv.getDClass(),
                    srv.getTTL(),
                    srv.getPriority(),
                    srv.getWeight(),
                    srv.getPort(),
                    moved(srv.getTarget(), was, is));
        }
        return record.getName().equals(was)
                ? Record.newRecord(
                        is, record.getType(), record.getDClass(), record.getTTL(), record.rdataToWireCanonical())
                : record;
    }

    private static Name moved(Name name, Name from, Name to) throws IOException {
        return name.subdomain(from) ? Name.concatenate(name.relativize(from), to) : name;
    }
}
