package io.clusterset.discovery.kubernetes;

import java.time.Duration;
import java.util.Optional;

/** The API server, as far as it is asked: documents, and streams of lines. Thread-safe, never blocks, never throws. */
interface ApiServer extends AutoCloseable {

    /** Whom it asks, such as {@code 10.96.0.1:443}: for evidence. */
    String name();

    /**
     * Gets a document.
     *
     * @param path and query, such as {@code /api/v1/namespaces/shop/services?limit=500}
     * @param taker told once, on any thread, unless it was ended before
     * @return ends it
     */
    Running get(String path, Taker taker);

    /**
     * Opens a stream of lines.
     *
     * @return ends it; nothing is told any more
     */
    Running stream(String path, Lines taker);

    /** Ends all there is, and lets go of threads and connections. Idempotent. */
    @Override
    void close();

    /** Takes an answer. */
    @FunctionalInterface
    interface Taker {
        void answered(Answer answer);
    }

    /** Takes a stream: one call at a time, on any thread. */
    interface Lines {
        /** The server said 200. */
        void opened();

        /** A line, without its end, not empty. */
        void line(byte[] line);

        /** It is over, and why: the server's no, the end (a {@link Answer.Document} without content), or silence. */
        void ended(Answer why);
    }

    /** Something under way. */
    @FunctionalInterface
    interface Running {
        void end();
    }

    /** What came of it. */
    sealed interface Answer {

        /** Whether the server does not have the version that was asked for: no more, or not yet. */
        default boolean isTooOld() {
            return this instanceof Refused refused
                    && (refused.status == 410
                            || (refused.status == 504 && refused.message.contains("Too large resource version")));
        }

        /** 200. */
        @SuppressWarnings("ArrayRecordComponent") // megabytes, handed on once and never compared
        record Document(byte[] content) implements Answer {}

        /**
         * Another status.
         *
         * @param status such as 403
         * @param message of the Status object, on one line and at most 300 characters; empty if there is none
         * @param retryAfter what the server asks for
         */
        record Refused(int status, String message, Optional<Duration> retryAfter) implements Answer {

            /** Whether asking again soon is of no use. */
            boolean isFinal() {
                return status >= 400 && status < 500 && status != 401 && status != 408 && status != 429;
            }
        }

        /**
         * One of more octets than are read. It will be as long the next time, with whatever connection.
         *
         * @param most how many are read
         */
        record TooLong(int most) implements Answer {}

        /** None: no connection, no answer in time, a broken one. */
        record Silent(String why) implements Answer {}
    }
}
