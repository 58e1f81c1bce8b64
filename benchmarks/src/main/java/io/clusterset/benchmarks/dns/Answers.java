package io.clusterset.benchmarks.dns;

import java.nio.ByteBuffer;

/** Turns a query into its answer in place: addresses in 10/8 for A, nothing for any other type. Allocates nothing. */
final class Answers {

    static final int HEADER = 12;
    private static final int ADDRESS_RECORD = 16;
    private static final short TYPE_A = 1;
    private static final short CLASS_IN = 1;
    private static final int TTL = 60;
    private static final short POINTER_TO_QUESTION = (short) (0xc000 | HEADER);

    private Answers() {}

    /**
     * Makes the answer.
     *
     * @param message a query of one question from 0 to the limit; the answer afterwards
     * @param addresses how many A records the answer holds
     */
    static void answer(ByteBuffer message, int addresses) {
        int end = HEADER;
        while (message.get(end) != 0) {
            end += 1 + message.get(end);
        }
        int type = message.getShort(end + 1);
        end += 5;
        int count = type == TYPE_A ? addresses : 0;
        message.putShort(2, (short) 0x8580); // response, authoritative, recursion desired and available, NOERROR
        message.putShort(6, (short) count);
        message.putInt(8, 0);
        message.limit(end + count * ADDRESS_RECORD).position(end);
        for (int i = 0; i < count; i++) {
            message.putShort(POINTER_TO_QUESTION).putShort(TYPE_A).putShort(CLASS_IN);
            message.putInt(TTL).putShort((short) 4).putInt((10 << 24) + 1 + i);
        }
        message.rewind();
    }
}
