package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import java.nio.ByteBuffer;

/** What becomes of the octets of a good answer. One call at a time. */
interface Body {

    /** The server said 200. */
    void opened();

    /** False if it is too long. */
    boolean more(ByteBuffer octets);

    /** All has come. */
    Answer whole();

    /** It is over. */
    void ended(Answer answer);

    /** Whether it must come to an end, so that silence is a failure. */
    boolean hasEnd();

    /** It is kept until all has come. */
    static Body document(ApiServer.Taker taker, int longest) {
        LineBuffer buffer = new LineBuffer(longest);
        return new Body() {
            @Override
            public void opened() {}

            @Override
            public boolean more(ByteBuffer octets) {
                return buffer.add(octets);
            }

            @Override
            public Answer whole() {
                return new Answer.Document(buffer.taken());
            }

            @Override
            public void ended(Answer answer) {
                taker.answered(answer);
            }

            @Override
            public boolean hasEnd() {
                return true;
            }
        };
    }

    /** Each line is told as it comes. */
    static Body lines(ApiServer.Lines taker, int longest) {
        LineBuffer buffer = new LineBuffer(longest);
        return new Body() {
            @Override
            public void opened() {
                taker.opened();
            }

            @Override
            public boolean more(ByteBuffer octets) {
                return buffer.split(octets, taker::line);
            }

            @Override
            public Answer whole() {
                return new Answer.Document(new byte[0]); // half a line is none: it is told again
            }

            @Override
            public void ended(Answer answer) {
                taker.ended(answer);
            }

            @Override
            public boolean hasEnd() {
                return false;
            }
        };
    }
}
