package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/**
 * Reads the queries of a dnstap file: the only log of questions that knot keeps. Frames with their length in front, each a
 * protocol buffer of which two fields matter here.
 *
 * @see <a href="https://dnstap.info">dnstap</a>
 */
final class Dnstap {

    private static final int MESSAGE = 14; // of Dnstap
    private static final int QUERY = 10; // of Message
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;

    private Dnstap() {}

    static List<Asked> queries(Path file) throws IOException {
        ByteBuffer frames = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Asked> queries = new ArrayList<>();
        while (frames.remaining() >= Integer.BYTES) {
            int length = frames.getInt();
            boolean control = length == 0;
            int size = control ? frames.getInt() : length;
            if (size > frames.remaining()) {
                break; // its writer was killed
            }
            ByteBuffer frame = frames.slice(frames.position(), size);
            frames.position(frames.position() + size);
            if (!control) {
                Optional<ByteBuffer> query = field(frame, MESSAGE).flatMap(message -> field(message, QUERY));
                if (query.isPresent()) {
                    var question = new Message(query.get()).getQuestion();
                    queries.add(Asked.of(question.getName().toString(), Type.string(question.getType())));
                }
            }
        }
        return queries;
    }

    private static Optional<ByteBuffer> field(ByteBuffer message, int wanted) {
        while (message.hasRemaining()) {
            long tag = varint(message);
            int kind = (int) (tag & 7);
            if (kind == BYTES) {
                int size = (int) varint(message);
                ByteBuffer value = message.slice(message.position(), size);
                message.position(message.position() + size);
                if (tag >> 3 == wanted) {
                    return Optional.of(value);
                }
            } else if (kind == VARINT) {
                varint(message);
            } else {
                message.position(message.position() + (kind == EIGHT_BYTES ? Long.BYTES : Integer.BYTES));
            }
        }
        return Optional.empty();
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
