package io.clusterset.discovery.testkit;

import io.clusterset.discovery.testkit.DnsAnswer.Raw;
import io.clusterset.discovery.testkit.DnsAnswer.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;

/** From the bytes of a question to the bytes of what is said to it. Thread-safe. */
final class DnsResponder {

    /** Where an answer leaves. */
    interface Outlet {
        void send(byte[] message);

        void sendFromElsewhere(byte[] message);
    }

    /** Back to where a datagram came from. */
    record OverUdp(UdpServer server, InetSocketAddress to) implements Outlet {
        @Override
        public void send(byte[] message) {
            server.send(message, to);
        }

        @Override
        public void sendFromElsewhere(byte[] message) {
            UdpServer.sendFromElsewhere(message, to);
        }
    }

    /** Back over the connection; there is no elsewhere. */
    record OverTcp(TcpConnection connection) implements Outlet {
        @Override
        public void send(byte[] message) {
            connection.send(DnsWire.framed(message));
        }

        @Override
        public void sendFromElsewhere(byte[] message) {
            send(message);
        }
    }

    /** What is wrong with the whole server; {@code failAll} null means it answers by its scripts. */
    record Faults(
            boolean silent, boolean silentTcp, @Nullable Rcode failAll, Duration delay) {
        static final Faults NONE = new Faults(false, false, null, Duration.ZERO);

        boolean silences(Transport transport) {
            return silent || (silentTcp && transport == Transport.TCP);
        }
    }

    private final DnsScripts scripts;
    private final Arrivals<Question> questions;
    private final Delays delays;
    private volatile Faults faults = Faults.NONE;

    DnsResponder(DnsScripts scripts, Arrivals<Question> questions, Delays delays) {
        this.scripts = scripts;
        this.questions = questions;
        this.delays = delays;
    }

    Faults faults() {
        return faults;
    }

    void suffer(Faults suffered) {
        faults = suffered;
    }

    void receivedOverUdp(UdpServer server, byte[] datagram, InetSocketAddress from) {
        received(datagram, Transport.UDP, from, new OverUdp(server, from));
    }

    void receivedOverTcp(TcpConnection connection, byte[] message) {
        received(message, Transport.TCP, connection.remote(), new OverTcp(connection));
    }

    private void received(byte[] bytes, Transport transport, InetSocketAddress from, Outlet outlet) {
        if (!DnsWire.isQuestion(bytes)) {
            return;
        }
        Message message = parsed(bytes);
        if (message == null || message.getQuestion() == null) {
            refuse(DnsWire.headerOnly(bytes, Rcode.FORMERR), transport, outlet);
        } else if (message.getHeader().getOpcode() != Opcode.QUERY) {
            refuse(DnsWire.headerOnly(bytes, Rcode.NOTIMP), transport, outlet);
        } else {
            answer(message, transport, from, outlet);
        }
    }

    private void refuse(byte[] answer, Transport transport, Outlet outlet) {
        if (!faults.silences(transport)) {
            delays.run(faults.delay(), () -> outlet.send(answer));
        }
    }

    private void answer(Message message, Transport transport, InetSocketAddress from, Outlet outlet) {
        Faults now = faults;
        Question question = question(message, transport, from);
        if (now.silences(transport)) {
            questions.add(question);
            return;
        }
        DnsAnswer answer = choose(message.getQuestion(), transport, now);
        List<byte[]> forged = forged(message, answer, transport);
        byte[] bytes = bytes(message, answer, transport);
        questions.add(question); // last, so that a script changed after it was seen is not for this question
        delays.run(now.delay().plus(answer.delivery().delay()), () -> {
            sendForged(forged, answer.delivery().forgeries(), outlet);
            if (bytes.length > 0) {
                outlet.send(bytes);
            }
        });
    }

    private DnsAnswer choose(Record asked, Transport transport, Faults now) {
        if (now.failAll() != null) {
            return DnsAnswer.rcode(now.failAll());
        }
        if (asked.getDClass() != DClass.IN) {
            return DnsAnswer.rcode(Rcode.REFUSED);
        }
        return scripts.take(asked.getName(), asked.getType(), transport);
    }

    /** Nothing is no bytes. */
    private byte[] bytes(Message message, DnsAnswer answer, Transport transport) {
        if (answer.content() instanceof Raw raw) {
            return raw.addressedTo(message.getHeader().getID());
        }
        if (!(answer.content() instanceof Reply reply)) {
            return new byte[0];
        }
        Record asked = message.getQuestion();
        Name zone = scripts.zoneOf(asked.getName());
        byte[] encoded = DnsWire.encode(message, reply, answer.delivery(), zone, transport);
        if (transport == Transport.UDP && DnsWire.isTruncated(encoded)) {
            scripts.lastWasTruncated(asked.getName(), asked.getType());
        }
        return encoded;
    }

    private static List<byte[]> forged(Message message, DnsAnswer answer, Transport transport) {
        List<byte[]> forged = new ArrayList<>();
        if (transport == Transport.UDP) {
            for (Forgery forgery : answer.delivery().forgeries()) {
                forged.add(forgery.forge(DnsWire.poison(message)));
            }
        }
        return forged;
    }

    private static void sendForged(List<byte[]> forged, List<Forgery> kinds, Outlet outlet) {
        for (int i = 0; i < forged.size(); i++) {
            if (kinds.get(i) == Forgery.WRONG_SOURCE) {
                outlet.sendFromElsewhere(forged.get(i));
            } else {
                outlet.send(forged.get(i));
            }
        }
    }

    private static Question question(Message message, Transport transport, InetSocketAddress from) {
        Record asked = message.getQuestion();
        return new Question(
                asked.getName().toString(true),
                asked.getType(),
                transport,
                message.getHeader().getID(),
                message.getOPT() == null ? -1 : message.getOPT().getPayloadSize(),
                from);
    }

    private static @Nullable Message parsed(byte[] bytes) {
        try {
            return new Message(bytes);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
