package io.clusterset.discovery.testkit;

import java.nio.ByteBuffer;

/** Cuts the bytes of one connection into messages, each behind its length in two bytes. Used by one thread. */
final class DnsOverTcp implements TcpSession {

    /** Takes one message, and where to send what is to be said to it. */
    interface Receiver {
        void received(TcpConnection from, byte[] message);
    }

    private static final int LENGTH = 2;

    private final TcpConnection connection;
    private final Receiver receiver;
    private byte[] part = new byte[LENGTH];
    private int filled;
    private boolean inMessage;

    DnsOverTcp(TcpConnection connection, Receiver receiver) {
        this.connection = connection;
        this.receiver = receiver;
    }

    @Override
    public void received(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int taken = Math.min(part.length - filled, bytes.remaining());
            bytes.get(part, filled, taken);
            filled += taken;
            if (filled == part.length) {
                complete(part);
            }
        }
    }

    private void complete(byte[] whole) {
        filled = 0;
        if (inMessage) {
            inMessage = false;
            part = new byte[LENGTH];
            receiver.received(connection, whole);
            return;
        }
        int length = (whole[0] & 0xff) << 8 | (whole[1] & 0xff);
        if (length > 0) {
            inMessage = true;
            part = new byte[length];
        }
    }
}
