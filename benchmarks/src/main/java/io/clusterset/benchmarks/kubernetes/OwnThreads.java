package io.clusterset.benchmarks.kubernetes;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

/**
 * What this library's threads have used so far: those named {@code discovery-...} and the JDK's HTTP client, which nobody else
 * in the JVM has.
 *
 * @param nanos processor time
 * @param octets allocated
 */
record OwnThreads(long nanos, long octets) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static OwnThreads now() {
        long nanos = 0;
        long octets = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && isOurs(thread.getThreadName())) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
                octets += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getThreadId()));
            }
        }
        return new OwnThreads(nanos, octets);
    }

    static boolean isOurs(String name) {
        return name.startsWith("discovery-") || name.startsWith("HttpClient-");
    }

    OwnThreads since(OwnThreads earlier) {
        return new OwnThreads(nanos - earlier.nanos, octets - earlier.octets);
    }
}
