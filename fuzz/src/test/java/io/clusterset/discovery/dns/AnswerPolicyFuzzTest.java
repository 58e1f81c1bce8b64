package io.clusterset.discovery.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Whatever the scan lets through is read without an exception, and nothing comes out that the policy forbids. */
class AnswerPolicyFuzzTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.53", 53);
    private static final List<Name> ZONES = List.of(
            DnsSource.absolute("cluster.local"), DnsSource.absolute("clusterset.local"), DnsSource.absolute("local"));

    private static final Pattern SERVICE = Pattern.compile("_([a-z]{1,15})\\._tcp\\.(.*)");
    private static final Pattern ASKED = Pattern.compile("[a-z0-9.-]+");

    @FuzzTest
    void nothingComesOutThatThePolicyForbids(byte[] packet) {
        Message message;
        try {
            message = MessageScan.read(ByteBuffer.wrap(packet));
        } catch (IOException refused) {
            return;
        }
        // As the transport: no questions and updates of others get this far, nor answers to something else.
        Record asked = message.getQuestion();
        if (!message.getHeader().getFlag(Flags.QR)
                || message.getHeader().getOpcode() != Opcode.QUERY
                || asked == null) {
            return;
        }
        for (Name zone : ZONES) {
            if (asked.getName().subdomain(zone)) {
                read(message, asked.getName(), zone);
            }
        }
    }

    private static void read(Message message, Name asked, Name zone) {
        AnswerReader reader = new AnswerReader(zone, new AddressPolicy(List.of()));
        DnsReply.Answered whole = new DnsReply.Answered(message, SERVER, false);
        DnsReply.Answered part = new DnsReply.Answered(message, SERVER, true);
        int answers = message.getSection(Section.ANSWER).size();
        for (int type : List.of(Type.A, Type.AAAA)) {
            inspect(reader.addresses(whole, asked, type), answers);
            inspect(reader.addresses(part, asked, type), answers);
        }
        List<Evidence.Dropped> dropped = new ArrayList<>();
        List<SRVRecord> services = reader.services(message, asked, dropped);
        must(services.size() + dropped.size() <= answers, "more SRV records than there are");
        for (SRVRecord service : services) {
            must(service.getTarget().subdomain(zone), "an SRV target outside the zone");
            must(service.getPort() > 0 && service.getPort() <= Port.MAX, "an SRV port out of range");
            int additional = message.getSection(Section.ADDITIONAL).size();
            reader.glue(message, service.getTarget()).ifPresent(glue -> inspect(glue, additional));
        }
        must(AnswerReader.negativeTtl(message) >= -1, "a negative TTL that is negative");
        resolve(message, asked, zone, reader);
    }

    private static void inspect(FamilyAnswer answer, int records) {
        boolean found = answer.kind() == FamilyAnswer.Kind.FOUND;
        must(new HashSet<>(answer.addresses()).size() == answer.addresses().size(), "an address twice");
        must(answer.addresses().size() + answer.dropped().size() <= records, "more addresses than records");
        must(found != answer.addresses().isEmpty(), "found without an address, or the other way round");
        must(!found || (answer.ttl() >= 0 && answer.ttl() <= Integer.MAX_VALUE), "a TTL out of range");
        answer.addresses().forEach(AnswerPolicyFuzzTest::mayBeUsed);
        answer.dropped().forEach(dropped -> isPrintable(dropped.address()));
        isPrintable(answer.detail());
    }

    /** The whole way from messages to a resolution, with this message as the answer to everything. */
    private static void resolve(Message message, Name asked, Name zone, AnswerReader reader) {
        String zoneText = zone.toString(true);
        String text = asked.toString(true);
        Matcher service = SERVICE.matcher(text);
        Optional<Port.Named> port = Optional.empty();
        if (service.matches()) {
            port = Optional.of((Port.Named) Port.named(service.group(1)));
            text = service.group(2);
        }
        if (!ASKED.matcher(text).matches() || !text.endsWith(zoneText)) {
            return; // not a name anybody could have asked for
        }
        List<Resolution> answers = new ArrayList<>();
        int[] queries = {0};
        Lookup lookup = new Lookup(
                new Question("local", text, zoneText, port),
                DnsSource.absolute(text),
                (wanted, type, then) -> {
                    queries[0]++;
                    must(wanted.subdomain(zone), "a question outside the zone");
                    then.accept(new DnsReply.Answered(message, SERVER, false));
                },
                reader,
                Families.both(),
                new AddressOrder(Optional::of),
                true,
                (wait, soFar) -> {},
                answers::add);
        lookup.start();
        must(answers.size() == 1, "not exactly one resolution");
        must(queries[0] >= 1 && queries[0] <= 1 + 2 * 32, "more questions than the law allows");
        Resolution resolution = answers.get(0);
        must(!resolution.freshFor().isNegative(), "fresh for less than no time");
        resolution.endpoints().forEach(endpoint -> mayBeUsed(endpoint.address()));
        isPrintable(resolution.evidence().detail());
    }

    /** Said another way than {@link AddressPolicy} says it, on purpose. */
    private static void mayBeUsed(InetAddress address) {
        byte[] raw = address.getAddress();
        int first = raw[0] & 0xff;
        boolean bad;
        if (raw.length == 4) {
            bad = first == 0 || first == 127 || first >= 224 || (first == 169 && (raw[1] & 0xff) == 254);
        } else {
            int zeros = 0;
            while (zeros < 16 && raw[zeros] == 0) {
                zeros++;
            }
            boolean mapped = zeros == 10 && raw[10] == -1 && raw[11] == -1;
            bad = zeros >= 12 || mapped || first == 0xff || (first == 0xfe && (raw[1] & 0xc0) == 0x80);
            bad |= ((Inet6Address) address).getScopeId() != 0;
        }
        must(!bad, "a forbidden address");
    }

    private static void isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            must((c >= ' ' && c < 127) || c == '\u2026', "what a log must not hold");
        }
    }

    /** Plain, because it runs some thousand times a second under instrumentation. */
    private static void must(boolean held, String otherwise) {
        if (!held) {
            throw new AssertionError(otherwise);
        }
    }
}
