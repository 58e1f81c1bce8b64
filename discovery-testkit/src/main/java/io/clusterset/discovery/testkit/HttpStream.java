package io.clusterset.discovery.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An answer that goes on, in chunks. Takes no lock but the connection's, except at its end. */
final class HttpStream {

    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TcpConnection connection;
    private final HttpSession session;

    HttpStream(TcpConnection connection, HttpSession session) {
        this.connection = connection;
        this.session = session;
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Sends each line as a chunk of its own, all at once. */
    void send(List<String> lines) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (String line : lines) {
            byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
            chunks.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.writeBytes(bytes);
            chunks.writeBytes(new byte[] {'\r', '\n'});
        }
        if (chunks.size() > 0) {
            connection.send(chunks.toByteArray());
        }
    }

    /** Ends it as agreed; the connection goes on with the next request. Not to be called while holding a lock. */
    void end() {
        connection.send(LAST);
        session.streamed();
    }

    /** Resets the connection. */
    void reset() {
        connection.reset();
    }
}
