package io.clusterset.discovery.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/** Any octets at all: read, or refused with an {@link IOException}, and cheaply either way. */
class WireFuzzTest {

    /** A record of 12 octets becomes a few objects; names are written out. More than this is a bomb. */
    private static final int FIXED = 256 * 1024;

    private static final int PER_OCTET = 256;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @FuzzTest
    void anyOctetsAreReadOrRefusedAndCheaply(byte[] packet) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        boolean read = read(packet);
        long garbage = THREADS.getThreadAllocatedBytes(thread) - before;
        // What costs too much is read once more: the first time may have loaded classes.
        if (garbage > most(packet)) {
            before = THREADS.getThreadAllocatedBytes(thread);
            read = read(packet);
            garbage = THREADS.getThreadAllocatedBytes(thread) - before;
        }
        if (garbage > most(packet)) {
            throw new AssertionError(packet.length + " octets, " + (read ? "read" : "refused") + ": " + garbage
                    + " bytes of garbage (expected: at most " + most(packet) + ")");
        }
    }

    private static long most(byte[] packet) {
        return FIXED + (long) PER_OCTET * packet.length;
    }

    private static boolean read(byte[] packet) {
        try {
            return MessageScan.read(ByteBuffer.wrap(packet)).numBytes() >= 0;
        } catch (IOException refused) {
            return false;
        }
    }
}
