package io.clusterset.benchmarks.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The same addresses and weights for everybody: the n-th of a service is 10.x.y.z:8080 with weight 1, 2, 3, 4 in turn. */
final class Addresses {

    static final int PORT = 8080;

    private static final int CHANGED = 0xFFFFFF; // 10.255.255.255: nobody else's

    private Addresses() {}

    static InetAddress address(int nth) {
        try {
            return InetAddress.getByAddress(new byte[] {10, (byte) (nth >> 16), (byte) (nth >> 8), (byte) nth});
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static InetSocketAddress socket(int nth) {
        return new InetSocketAddress(address(nth), PORT);
    }

    static String host(int nth) {
        return "10." + (nth >> 16 & 255) + "." + (nth >> 8 & 255) + "." + (nth & 255);
    }

    static int weight(int nth) {
        return 1 + nth % 4;
    }

    /** One for each of the first so many addresses. */
    static <T> List<T> each(int endpoints, IntFunction<T> one) {
        return each(0, endpoints, one);
    }

    /** One for each address of one of many services of the same size. */
    static <T> List<T> each(int service, int endpoints, IntFunction<T> one) {
        int first = service * endpoints;
        return IntStream.range(first, first + endpoints).mapToObj(one).toList();
    }

    /** As {@link #each(int, IntFunction)}, the one in the middle replaced by one at another address. */
    static <T> List<T> eachButOne(int endpoints, IntFunction<T> one) {
        return IntStream.range(0, endpoints)
                .map(nth -> nth == endpoints / 2 ? CHANGED : nth)
                .mapToObj(one)
                .toList();
    }
}
