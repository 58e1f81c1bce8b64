package io.clusterset.discovery.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The library's way from the octets of an answer to the addresses that may be used. */
@NullMarked
public final class Reading {

    private final InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);
    private final AnswerReader reader;
    private final Name name;

    /** Reads answers about one name, with the default policy. */
    public Reading(String absoluteName) {
        this.name = Name.fromConstantString(absoluteName);
        this.reader = new AnswerReader(name, new AddressPolicy(List.of()));
    }

    /** How many addresses of an answer are found usable. */
    public int addresses(byte[] answer) throws IOException {
        Message message = MessageScan.read(ByteBuffer.wrap(answer));
        return reader.addresses(new DnsReply.Answered(message, server, false), name, Type.A)
                .addresses()
                .size();
    }
}
