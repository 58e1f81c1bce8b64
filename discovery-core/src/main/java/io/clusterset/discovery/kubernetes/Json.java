package io.clusterset.discovery.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what the API server says, octets to values in one pass: of what is not kept, no object is ever made. An object that
 * makes no sense is passed over, and counted; absent and null fields make sense everywhere.
 */
final class Json {

    private static final int LONGEST_CONTINUE = 8_192;
    private static final int LONGEST_MESSAGE = 300;
    private static final int LONGEST_TEXT = 4_096;
    private static final int EXPIRED = 410;
    private static final int LONGEST_WAIT = 3_600;

    private Json() {}

    /** {@link #page(byte[], Kind, Words)} with words of its own. */
    static <T> Page<T> page(byte[] body, Kind<T> kind) throws IOException {
        return page(body, kind, new Words());
    }

    /**
     * Reads a part of a list.
     *
     * @param words those of the reader, which its pages and changes share
     * @throws IOException if it is not JSON, or not a list of this kind
     */
    static <T> Page<T> page(byte[] body, Kind<T> kind, Words words) throws IOException {
        String what = kind.plural();
        List<Item<T>> items = new ArrayList<>();
        int skipped = 0;
        String listKind = "";
        String version = "";
        String next = "";
        try (Cursor in = new Cursor(body, words)) {
            if (!in.beginsObject()) {
                throw noObject(what, in);
            }
            Endpoint.Pool pool = new Endpoint.Pool();
            while (in.hasField()) {
                switch (in.name()) {
                    case "kind" -> listKind = in.word();
                    case "metadata" -> {
                        in.begin();
                        if (in.beginsObject()) {
                            while (in.hasField()) {
                                switch (in.name()) {
                                    case "resourceVersion" -> version = in.word();
                                    case "continue" -> next = in.text(LONGEST_CONTINUE);
                                    default -> in.skip();
                                }
                            }
                        }
                        refuse(what, in.trouble());
                    }
                    case "items" -> {
                        in.begin();
                        if (in.beginsList()) {
                            while (in.hasElement()) {
                                Optional<Item<T>> item = item(in, kind, pool);
                                item.ifPresent(items::add);
                                skipped += item.isPresent() ? 0 : 1;
                            }
                        } else {
                            refuse(what, in.trouble());
                        }
                    }
                    default -> in.skip();
                }
            }
            in.end(what);
        } catch (JsonProcessingException broken) {
            throw Cursor.broken(what, broken);
        }
        if (!listKind.equals(kind.name() + "List")) {
            throw new IOException(what + ": kind " + Text.quote(listKind) + " (expected: " + kind.name() + "List)");
        }
        if (version.isEmpty()) {
            throw new IOException(what + ": metadata.resourceVersion: none (expected: that of the list)");
        }
        return new Page<>(items, version, next, skipped);
    }

    private static IOException noObject(String what, Cursor in) {
        return new IOException(what + ": " + (in.trouble().isEmpty() ? "null (expected: an object)" : in.trouble()));
    }

    private static void refuse(String what, String trouble) throws IOException {
        if (!trouble.isEmpty()) {
            throw new IOException(what + ": " + trouble);
        }
    }

    /** An object, unless there is {@link Cursor#trouble}. */
    private static <T> Optional<Item<T>> item(Cursor in, Kind<T> kind, Endpoint.Pool pool) throws IOException {
        in.begin();
        Metadata metadata = new Metadata();
        Draft<T> draft = kind.draft(pool);
        if (in.beginsObject()) {
            while (in.hasField()) {
                if (in.name().equals("metadata")) {
                    metadata.read(in);
                } else {
                    draft.field(in.name(), in);
                }
            }
        }
        return named(in, metadata)
                ? Optional.of(new Item<>(
                        metadata.namespace(),
                        metadata.name(),
                        draft.key(metadata),
                        metadata.version(),
                        draft.done(metadata)))
                : Optional.empty();
    }

    private static boolean named(Cursor in, Metadata metadata) {
        if (metadata.name().isEmpty()) {
            in.note("metadata.name: none (expected: the object's)");
        }
        return in.trouble().isEmpty();
    }

    /** {@link #change(byte[], Kind, Words)} with words of its own. */
    static <T> Change<T> change(byte[] line, Kind<T> kind) throws IOException {
        return change(line, kind, new Words());
    }

    /**
     * Reads a line of a watch.
     *
     * @param words those of the reader, which its pages and changes share
     * @throws IOException if it is not JSON
     */
    static <T> Change<T> change(byte[] line, Kind<T> kind, Words words) throws IOException {
        String what = "a change of " + kind.plural();
        try (Cursor in = new Cursor(line, words)) {
            String type = "";
            Change<T> change = new Change.Skipped<>("object: none (expected: one)");
            if (!in.beginsObject()) {
                throw noObject(what, in);
            }
            while (in.hasField()) {
                switch (in.name()) {
                    case "type" -> type = in.word();
                    case "object" -> change = object(type.isEmpty() ? type(line, words) : type, in, kind);
                    default -> in.skip();
                }
            }
            in.end(what);
            return change;
        } catch (JsonProcessingException broken) {
            throw Cursor.broken(what, broken);
        }
    }

    /** Of a line that says it too late. The server says it first. */
    private static String type(byte[] line, Words words) throws IOException {
        try (Cursor in = new Cursor(line, words)) {
            String type = "";
            if (in.beginsObject()) {
                while (in.hasField()) {
                    if (in.name().equals("type")) {
                        type = in.word();
                    } else {
                        in.skip();
                    }
                }
            }
            return type;
        }
    }

    private static <T> Change<T> object(String type, Cursor in, Kind<T> kind) throws IOException {
        return switch (type) {
            case "ADDED", "MODIFIED" -> {
                Optional<Item<T>> item = item(in, kind, new Endpoint.Pool());
                yield item.<Change<T>>map(Change.Put::new).orElseGet(() -> new Change.Skipped<>(in.trouble()));
            }
            case "DELETED", "BOOKMARK" -> mentioned(type, in);
            case "ERROR" -> {
                Status status = new Status();
                status.read(in);
                int code = status.code == 0 ? EXPIRED : status.code;
                yield new Change.Ended<>(new Answer.Refused(code, status.line(), status.retryAfter));
            }
            default -> {
                in.skip();
                yield new Change.Skipped<>(
                        "type " + Text.quote(type) + " (expected: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR)");
            }
        };
    }

    /** What happened to an object of which only {@code metadata} matters. */
    private static <T> Change<T> mentioned(String type, Cursor in) throws IOException {
        in.begin();
        Metadata metadata = new Metadata();
        if (in.beginsObject()) {
            while (in.hasField()) {
                if (in.name().equals("metadata")) {
                    metadata.read(in);
                } else {
                    in.skip();
                }
            }
        }
        if (type.equals("DELETED")) {
            return named(in, metadata)
                    ? new Change.Gone<>(metadata.namespace(), metadata.name(), metadata.version())
                    : new Change.Skipped<>(in.trouble());
        }
        if (metadata.version().isEmpty()) {
            in.note("metadata.resourceVersion: none (expected: the bookmark's)");
        }
        return in.trouble().isEmpty() ? new Change.Bookmark<>(metadata.version()) : new Change.Skipped<>(in.trouble());
    }

    /**
     * Reads what came with another status than 200: a Status object, or whatever text stood there.
     *
     * @param retryAfter what the header said; else the Status object is believed
     */
    static Answer.Refused status(int http, byte[] body, Optional<Duration> retryAfter) {
        Status status = new Status();
        try (Cursor in = new Cursor(body, new Words())) {
            status.read(in);
        } catch (IOException noJson) {
            // a proxy's page, or cut off: its text will do
        }
        String text = new String(body, 0, Math.min(LONGEST_TEXT, body.length), StandardCharsets.UTF_8).strip();
        return new Answer.Refused(
                http, status.line().isEmpty() ? line(text) : status.line(), retryAfter.or(() -> status.retryAfter));
    }

    private static String line(String text) {
        String line = Text.line(text);
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE - 1) + "…" : line;
    }

    /** {@code kind: Status}. */
    private static final class Status {
        private int code;
        private String reason = "";
        private String message = "";
        private Optional<Duration> retryAfter = Optional.empty();

        void read(Cursor in) throws IOException {
            if (!in.beginsObject()) {
                return;
            }
            while (in.hasField()) {
                switch (in.name()) {
                    case "code" -> code = in.number();
                    case "reason" -> reason = in.sentence(LONGEST_MESSAGE);
                    case "message" -> message = in.sentence(LONGEST_TEXT);
                    case "details" -> details(in);
                    default -> in.skip();
                }
            }
        }

        private void details(Cursor in) throws IOException {
            if (!in.beginsObject()) {
                return;
            }
            while (in.hasField()) {
                if (in.name().equals("retryAfterSeconds")) {
                    int seconds = in.number();
                    retryAfter = seconds > 0
                            ? Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT)))
                            : Optional.empty();
                } else {
                    in.skip();
                }
            }
        }

        String line() {
            return Json.line(message.isEmpty() ? reason : message);
        }
    }
}
