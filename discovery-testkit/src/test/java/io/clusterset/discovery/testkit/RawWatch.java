package io.clusterset.discovery.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A watch over a plain socket, so that tests see how it ends. */
final class RawWatch implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final String head;

    /** Only connects. */
    RawWatch(FakeApiServer server) throws IOException {
        socket = RawClient.connect(server.address());
        in = new DataInputStream(socket.getInputStream());
        head = "";
    }

    /** Opens it and reads the head of the answer. */
    RawWatch(FakeApiServer server, String target) throws IOException {
        socket = RawClient.connect(server.address());
        in = new DataInputStream(socket.getInputStream());
        write("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        StringBuilder lines = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.append(line).append('\n');
        }
        head = lines.toString();
    }

    String head() {
        return head;
    }

    /** The next line of the stream, which is one chunk; empty at its end. */
    String next() throws IOException {
        int size = Integer.parseInt(line(), 16);
        String chunk = new String(in.readNBytes(size), StandardCharsets.UTF_8);
        line();
        return chunk.stripTrailing();
    }

    /** The next event as {@code TYPE name resourceVersion}. */
    String event() throws IOException {
        Json.Obj event = Json.Obj.parse(next());
        Json.Obj metadata = event.object("object", "metadata");
        return event.string("type") + ' ' + metadata.string("name") + ' ' + metadata.string("resourceVersion");
    }

    /** Whether nothing arrives for a moment. */
    boolean hearsNothing() throws IOException {
        socket.setSoTimeout(50);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(10_000);
        }
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A line of HTTP. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** All that comes until the server closes. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
