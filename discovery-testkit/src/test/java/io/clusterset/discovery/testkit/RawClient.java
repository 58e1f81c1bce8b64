package io.clusterset.discovery.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Asks over plain sockets and believes whatever comes back, so that tests see every byte. */
final class RawClient {

    private static final int PATIENCE_MILLIS = 10_000;

    private RawClient() {}

    static Message query(String name, RecordType type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type.code(), DClass.IN));
    }

    static Message queryWithEdns(String name, RecordType type, int payloadSize) throws IOException {
        Message query = query(name, type);
        query.addRecord(new OPTRecord(payloadSize, 0, 0), Section.ADDITIONAL);
        return query;
    }

    static Message udp(FakeDnsServer dns, String name, RecordType type) throws IOException {
        return new Message(udp(dns, query(name, type).toWire()));
    }

    static Message udp(FakeDnsServer dns, Message query) throws IOException {
        return new Message(udp(dns, query.toWire()));
    }

    static byte[] udp(FakeDnsServer dns, byte[] query) throws IOException {
        try (DatagramSocket socket = connected(dns)) {
            socket.send(new DatagramPacket(query, query.length));
            return receive(socket);
        }
    }

    static DatagramSocket connected(FakeDnsServer dns) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(dns.address());
        return socket;
    }

    static byte[] receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    static void send(DatagramSocket socket, Message query) throws IOException {
        byte[] bytes = query.toWire();
        socket.send(new DatagramPacket(bytes, bytes.length));
    }

    static Message tcp(FakeDnsServer dns, String name, RecordType type) throws IOException {
        try (Socket socket = connect(dns.address())) {
            sendFramed(socket, query(name, type));
            return receiveFramed(socket);
        }
    }

    static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
        return socket;
    }

    static void sendFramed(Socket socket, Message query) throws IOException {
        socket.getOutputStream().write(DnsWire.framed(query.toWire()));
    }

    static Message receiveFramed(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return new Message(in.readNBytes(in.readUnsignedShort()));
    }

    /** Whether nothing arrives, although a later question (another name) is answered. */
    static boolean saysNothingTo(FakeDnsServer dns, Message query) throws IOException {
        try (DatagramSocket socket = connected(dns)) {
            send(socket, query);
            send(socket, query("later.cluster.local", RecordType.TXT));
            Message first = new Message(receive(socket));
            return first.getQuestion().getName().toString().equals("later.cluster.local.");
        }
    }

    /** Whether nothing arrives at all for a moment: for servers that say nothing to anybody. */
    static boolean hearsNothing(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(50);
        try {
            receive(socket);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    static List<String> answers(Message message) {
        return rdata(message, Section.ANSWER);
    }

    static List<String> rdata(Message message, int section) {
        return message.getSection(section).stream()
                .filter(record -> !(record instanceof OPTRecord))
                .map(Record::rdataToString)
                .toList();
    }
}
