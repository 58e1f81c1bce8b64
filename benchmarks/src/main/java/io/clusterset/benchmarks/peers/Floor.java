package io.clusterset.benchmarks.peers;

import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What it costs at least: the few lines that somebody would write who needs nothing else. */
public final class Floor {

    private Floor() {}

    /** A volatile read, an atomic increment, an array index. */
    public static Supplier<Object> pick(int endpoints) {
        return new RoundRobin(sockets(endpoints));
    }

    /** A thread's own random number and an array index. */
    public static Supplier<Object> randomPick(int endpoints) {
        return new Random(sockets(endpoints));
    }

    /** gRPC's proposal A58, weights 1 to 4. */
    public static Supplier<Object> weightedPick(int endpoints) {
        return StaticStride.of(endpoints);
    }

    /** The clock, read once. */
    public static Supplier<Object> clock(int endpoints) {
        return new Clock();
    }

    /** A copy of the array with one changed, published, and the first pick. */
    public static Supplier<Object> copy(int endpoints) {
        RoundRobin published = new RoundRobin(sockets(endpoints));
        Turns<InetSocketAddress> changed = new Turns<>(Addresses.socket(endpoints), Addresses.socket(endpoints + 1));
        return () -> {
            InetSocketAddress[] copy = published.sockets.clone();
            copy[endpoints / 2] = changed.next();
            published.sockets = copy;
            return published.get();
        };
    }

    /** The static stride's arrays, made anew and published, and the first pick. */
    public static Supplier<Object> rebuild(int endpoints) {
        StaticStride published = StaticStride.of(endpoints);
        Turns<InetSocketAddress> changed = new Turns<>(Addresses.socket(endpoints), Addresses.socket(endpoints + 1));
        int[] weights = weights(endpoints);
        return () -> {
            InetSocketAddress[] copy = published.schedule.sockets.clone();
            copy[endpoints / 2] = changed.next();
            published.schedule = StaticStride.Schedule.of(copy, weights);
            return published.get();
        };
    }

    /** An object for each endpoint, and an array of them. */
    public static Object model(int service, int endpoints) {
        return Addresses.each(service, endpoints, nth -> new Bare(0, 0x0A000000 + nth, Addresses.PORT, 1))
                .toArray();
    }

    private static InetSocketAddress[] sockets(int endpoints) {
        return Addresses.each(endpoints, Addresses::socket).toArray(InetSocketAddress[]::new);
    }

    private static int[] weights(int endpoints) {
        return Addresses.each(endpoints, Addresses::weight).stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** As little as an endpoint can be: an IPv6 address has two longs. */
    private record Bare(long high, long low, int port, int weight) {}

    private static final class Clock implements Supplier<Object> {
        private long read;

        @Override
        public Object get() {
            read = System.nanoTime();
            return this; // a Long would have to be made
        }

        @Override
        public String toString() {
            return String.valueOf(read);
        }
    }

    private static final class RoundRobin implements Supplier<Object> {
        private final AtomicInteger sequence = new AtomicInteger();
        private volatile InetSocketAddress[] sockets;

        RoundRobin(InetSocketAddress[] sockets) {
            this.sockets = sockets;
        }

        @Override
        public Object get() {
            InetSocketAddress[] now = sockets;
            return now[(sequence.getAndIncrement() & Integer.MAX_VALUE) % now.length];
        }
    }

    private static final class Random implements Supplier<Object> {
        private volatile InetSocketAddress[] sockets;

        Random(InetSocketAddress[] sockets) {
            this.sockets = sockets;
        }

        @Override
        public Object get() {
            InetSocketAddress[] now = sockets;
            return now[ThreadLocalRandom.current().nextInt(now.length)];
        }
    }

    /** Round after round over all endpoints; one of weight w is skipped unless w fills up its stride in this round. */
    private static final class StaticStride implements Supplier<Object> {
        private static final int MOST = 0xFFFF;

        private final AtomicInteger sequence = new AtomicInteger();
        private volatile Schedule schedule;

        private StaticStride(Schedule schedule) {
            this.schedule = schedule;
        }

        static StaticStride of(int endpoints) {
            return new StaticStride(Schedule.of(sockets(endpoints), weights(endpoints)));
        }

        @Override
        public Object get() {
            Schedule now = schedule;
            while (true) {
                long draw = Integer.toUnsignedLong(sequence.getAndIncrement());
                int index = (int) (draw % now.sockets.length);
                long round = draw / now.sockets.length;
                int weight = now.scaled[index] & MOST;
                int offset = MOST / 2 * index;
                if ((weight * round + offset) % MOST >= MOST - weight) {
                    return now.sockets[index];
                }
            }
        }

        private static final class Schedule {
            private final InetSocketAddress[] sockets;
            private final short[] scaled;

            private Schedule(InetSocketAddress[] sockets, short[] scaled) {
                this.sockets = sockets;
                this.scaled = scaled;
            }

            static Schedule of(InetSocketAddress[] sockets, int[] weights) {
                int largest = 1;
                for (int weight : weights) {
                    largest = Math.max(largest, weight);
                }
                short[] scaled = new short[weights.length];
                for (int i = 0; i < weights.length; i++) {
                    scaled[i] = (short) ((long) weights[i] * MOST / largest);
                }
                return new Schedule(sockets, scaled);
            }
        }
    }
}
