package io.clusterset.discovery.testkit;

import java.net.InetSocketAddress;

/** A question as it reached a {@link FakeDnsServer}. Immutable. */
public final class Question {

    private final String name;
    private final int typeCode;
    private final Transport transport;
    private final int id;
    private final int payloadSize;
    private final InetSocketAddress from;

    Question(String name, int typeCode, Transport transport, int id, int payloadSize, InetSocketAddress from) {
        this.name = name;
        this.typeCode = typeCode;
        this.transport = transport;
        this.id = id;
        this.payloadSize = payloadSize;
        this.from = from;
    }

    /** The name asked for, in the letter case it was sent in, without the trailing dot. */
    public String name() {
        return name;
    }

    /** The record type asked for; {@link RecordType#OTHER} if this kit has no word for it. */
    public RecordType type() {
        return RecordType.of(typeCode);
    }

    /** The number of the record type on the wire. */
    public int typeCode() {
        return typeCode;
    }

    /** Whether it came by datagram or over a connection. */
    public Transport transport() {
        return transport;
    }

    /** The message id, 0 to 65535. */
    public int id() {
        return id;
    }

    /** Whether the question carried an EDNS record. */
    public boolean hasEdns() {
        return payloadSize >= 0;
    }

    /** The largest UDP answer the client said it takes, in bytes; 512 if the question carried no EDNS record. */
    public int payloadSize() {
        return Math.max(512, payloadSize);
    }

    /** The address and port it was sent from. */
    public InetSocketAddress from() {
        return from;
    }

    @Override
    public String toString() {
        return name + ' ' + (type() == RecordType.OTHER ? "TYPE" + typeCode : type()) + ' ' + transport;
    }
}
