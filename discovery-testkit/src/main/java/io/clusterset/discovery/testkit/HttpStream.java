package io.clusterset.discovery.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An answer that goes on, in chunks; its head goes with what is sent first. Takes no lock of others but the connection's,
 * except at its end. Thread-safe.
 */
final class HttpStream {

    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TcpConnection connection;
    private final HttpSession session;
    private byte[] head;

    HttpStream(TcpConnection connection, HttpSession session, byte[] head) {
        this.connection = connection;
        this.session = session;
        this.head = head;
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Sends each line as a chunk of its own, all at once; the head, if there are none. */
    void send(List<String> lines) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (String line : lines) {
            byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
            chunks.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.writeBytes(bytes);
            chunks.writeBytes(new byte[] {'\r', '\n'});
        }
        send(chunks.toByteArray());
    }

    /** Ends it as agreed; the connection goes on with the next request. Not to be called while holding a lock. */
    void end() {
        send(LAST);
        session.streamed();
    }

    /** Resets the connection. */
    void reset() {
        connection.reset();
    }

    private synchronized void send(byte[] bytes) {
        byte[] all = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        head = new byte[0];
        if (all.length > 0) {
            connection.send(all);
        }
    }
}
