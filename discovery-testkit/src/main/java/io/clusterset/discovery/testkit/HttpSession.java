package io.clusterset.discovery.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

        /** The whole request is read, and {@link HttpSession#respond} is due, now or later. */
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

    /** Answers the current request and goes on to the next. */
    synchronized void respond(int status, String name) {
        HttpRequest request = current;
        if (request == null) {
            return;
        }
        connection.send(response(status, name, request));
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
        connection.send(response(status, "", new HttpRequest("GET", "/", false, false, 0)));
        connection.closeWhenSent();
    }

    private static byte[] response(int status, String name, HttpRequest request) {
        String fields = String.format(
                Locale.ROOT,
                "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nX-Endpoint: %s\r\n",
                status,
                reason(status),
                name.length(),
                name);
        String close = request.keepAlive() ? "" : "Connection: close\r\n";
        String body = request.method().equals("HEAD") ? "" : name;
        return (fields + close + "\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
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
