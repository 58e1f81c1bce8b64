package io.clusterset.discovery.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over one connection, as much as a fake needs: one request at a time, bodies read and thrown away, keep-alive.
 * Its monitor guards everything: bytes come on the loop's thread, answers from any.
 */
final class HttpSession implements TcpSession {

    /** Decides about requests. Called with the session's monitor held. */
    interface Handler {
        /** The head is read; false if the connection is done for. */
        boolean arrived(HttpRequest request, HttpSession session);

        /** The whole request is read; {@link HttpSession#respond} or {@link HttpSession#stream} is due, now or later. */
        void answer(HttpRequest request, HttpSession session);
    }

    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_WAITING = 64 * 1024;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TcpConnection connection;
    private final Handler handler;
    private final byte[] head = new byte[MAX_HEAD];
    private int headSize;
    private long bodyLeft;
    private @Nullable HttpRequest current;
    private boolean answering;
    private boolean consuming;
    private boolean cutting;
    private ByteBuffer waiting = ByteBuffer.allocate(0);

    HttpSession(TcpConnection connection, Handler handler) {
        this.connection = connection;
        this.handler = handler;
    }

    @Override
    public synchronized void received(ByteBuffer bytes) {
        if (waiting.remaining() + bytes.remaining() > MAX_WAITING && answering) {
            connection.reset();
            return;
        }
        ByteBuffer all = ByteBuffer.allocate(waiting.remaining() + bytes.remaining());
        waiting = all.put(waiting).put(bytes).flip();
        consume();
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    void reset() {
        connection.reset();
    }

    /** Has half of the next answer's body not sent, and the connection closed instead. */
    synchronized void cut() {
        cutting = true;
    }

    /**
     * Answers the current request and goes on to the next.
     *
     * @param fields header lines, each with its line end
     */
    synchronized void respond(int status, String fields, byte[] body) {
        HttpRequest request = current;
        if (request == null) {
            return;
        }
        byte[] whole = response(status, fields, body, request);
        if (cutting) {
            connection.send(Arrays.copyOf(whole, whole.length - body.length / 2));
            connection.closeWhenSent();
            return;
        }
        connection.send(whole);
        done(request);
    }

    /**
     * Begins an answer 200 of unknown length to the current request; the next one waits for its end. Sends nothing yet.
     *
     * @param fields header lines, each with its line end
     */
    synchronized HttpStream stream(String fields) {
        String connectionField = current == null ? "" : connection(current);
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + fields + connectionField + "\r\n";
        return new HttpStream(connection, this, head.getBytes(StandardCharsets.US_ASCII));
    }

    /** Goes on to the next request: what was streamed is complete. */
    synchronized void streamed() {
        HttpRequest request = current;
        if (request != null) {
            done(request);
        }
    }

    private void done(HttpRequest request) {
        current = null;
        answering = false;
        if (!request.keepAlive()) {
            connection.closeWhenSent();
        } else if (!consuming) {
            consume();
        }
    }

    private void consume() {
        consuming = true;
        try {
            while (!answering && waiting.hasRemaining() && connection.isOpen()) {
                if (current == null) {
                    readHead();
                } else {
                    skipBody(current);
                }
            }
        } finally {
            consuming = false;
        }
    }

    private void readHead() {
        while (waiting.hasRemaining()) {
            if (headSize == MAX_HEAD) {
                reject(431);
                return;
            }
            byte next = waiting.get();
            if (headSize == 0 && (next == '\r' || next == '\n')) {
                continue; // empty lines before a request, see RFC 9112 section 2.2
            }
            head[headSize++] = next;
            if (next == '\n' && endsWithEmptyLine()) {
                headComplete();
                return;
            }
        }
    }

    private boolean endsWithEmptyLine() {
        int before = headSize - 2;
        if (before >= 0 && head[before] == '\r') {
            before--;
        }
        return before >= 0 && head[before] == '\n';
    }

    private void headComplete() {
        HttpRequest request;
        try {
            request = HttpRequest.parse(head, headSize);
        } catch (IllegalArgumentException e) {
            reject(400);
            return;
        }
        headSize = 0;
        if (!handler.arrived(request, this)) {
            return;
        }
        if (request.length() < 0) {
            reject(411);
            return;
        }
        current = request;
        bodyLeft = request.length();
        if (request.expectsContinue() && bodyLeft > 0) {
            connection.send(CONTINUE);
        }
        skipBody(request);
    }

    private void skipBody(HttpRequest request) {
        int skipped = (int) Math.min(bodyLeft, waiting.remaining());
        waiting.position(waiting.position() + skipped);
        bodyLeft -= skipped;
        if (bodyLeft == 0) {
            answering = true;
            handler.answer(request, this);
        }
    }

    private void reject(int status) {
        connection.send(response(status, "", new byte[0], HttpRequest.UNREADABLE));
        connection.closeWhenSent();
    }

    private static byte[] response(int status, String fields, byte[] body, HttpRequest request) {
        String start = String.format(
                Locale.ROOT, "HTTP/1.1 %d %s\r\nContent-Length: %d\r\n", status, reason(status), body.length);
        byte[] head = (start + fields + connection(request) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        if (request.method().equals("HEAD")) {
            return head;
        }
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    private static String connection(HttpRequest request) {
        return request.keepAlive() ? "" : "Connection: close\r\n";
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 410 -> "Gone";
            case 411 -> "Length Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Scripted";
        };
    }
}
