package io.clusterset.discovery.recorded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;

/**
 * A recorded answer under another question. The library asks SRV for {@code _port._proto.name} only; most recordings are of
 * the plain name, and their content is worth as much.
 *
 * @param name what the answer is now an answer to
 * @param message its bytes, as hex
 */
record Transplant(String name, String message) {

    static Transplant none(Recording recording) {
        return new Transplant(recording.asked(), recording.hex());
    }

    /** The same answer to the SRV question of a port of the recorded name. */
    static Transplant below(String labels, Recording recording) {
        String name = labels + "." + recording.asked();
        try {
            Message said = new Message(recording.wire());
            Name was = said.getQuestion().getName();
            Name is = Name.fromString(name + ".");
            Message moved = new Message(0);
            for (int flag : new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD}) {
                if (said.getHeader().getFlag(flag)) {
                    moved.getHeader().setFlag(flag);
                }
            }
            moved.getHeader().setRcode(said.getHeader().getRcode());
            moved.addRecord(
                    Record.newRecord(
                            is, said.getQuestion().getType(), said.getQuestion().getDClass()),
                    0);
            for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
                for (Record record : said.getSection(section)) {
                    boolean owned = record.getName().equals(was) && record instanceof SRVRecord;
                    moved.addRecord(owned ? renamed((SRVRecord) record, is) : record, section);
                }
            }
            return new Transplant(name, HexFormat.of().formatHex(moved.toWire()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    byte[] wire() {
        return HexFormat.of().parseHex(message);
    }

    /** What a server says over UDP when nothing at all fits. */
    static byte[] stub(byte[] wire) {
        int end = 12;
        while (wire[end] != 0) {
            end += wire[end] + 1;
        }
        byte[] stub = Arrays.copyOf(wire, end + 5);
        stub[2] |= 0x02; // TC
        Arrays.fill(stub, 6, 12, (byte) 0); // no records
        return stub;
    }

    private static Record renamed(SRVRecord srv, Name name) {
        return new SRVRecord(
                name,
                srv.getDClass(),
                srv.getTTL(),
                srv.getPriority(),
                srv.getWeight(),
                srv.getPort(),
                srv.getTarget());
    }
}
