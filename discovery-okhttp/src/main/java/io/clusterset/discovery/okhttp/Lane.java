package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.model.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Connection;
import okhttp3.ConnectionPool;

/**
 * The connections to one endpoint, in a pool of their own: they are used when the endpoint is picked and never else, idle ones are
 * closed when traffic has left it, and no other name's calls ride on them (HTTP/2 coalescing). Thread-safe.
 */
final class Lane {

    /** A pool for everybody, as OkHttp has it, keeps 5 in all: with more endpoints than that, each call would connect anew. */
    private static final int MOST_IDLE = 64;

    private static final int MANY_CLOSED = 8;
    private static final long KEPT_MINUTES = 5; // OkHttp's

    private final InetAddress address;
    private final ConnectionPool pool = new ConnectionPool(MOST_IDLE, KEPT_MINUTES, TimeUnit.MINUTES);
    private final Set<Thread> departing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile long usedAt;
    private volatile boolean left;

    Lane(InetAddress address, long now) {
        this.address = address;
        this.usedAt = now;
    }

    /** The endpoint's address, which is called what the caller calls it: whoever asks it for its name starts no reverse lookup. */
    static InetAddress named(String host, Endpoint endpoint) {
        InetAddress bare = endpoint.address();
        try {
            return bare instanceof Inet6Address six && six.getScopeId() > 0 // 0 would be shown, as %0
                    ? Inet6Address.getByAddress(host, six.getAddress(), six.getScopeId())
                    : InetAddress.getByAddress(host, bare.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // only thrown for a length other than 4 or 16
        }
    }

    InetAddress address() {
        return address;
    }

    ConnectionPool pool() {
        return pool;
    }

    void used(long now) {
        usedAt = now;
    }

    long usedAt() {
        return usedAt;
    }

    /**
     * This thread's call goes elsewhere. OkHttp keeps the connection of a call for the call's next request, and looks at the URL alone: a
     * second attempt would go to the endpoint that has just answered 503. It does not keep one whose socket says that it is closed: so
     * these do, to this thread, until it has departed.
     *
     * @return false if a call does so already, in which this one is made
     */
    boolean depart() {
        return departing.add(Thread.currentThread());
    }

    void departed() {
        departing.remove(Thread.currentThread());
    }

    boolean isDeparting() {
        return !departing.isEmpty() && departing.contains(Thread.currentThread());
    }

    /** Traffic has left: closes what is idle; what is in use is closed once it is released. */
    void leave() {
        left = true;
        pool.evictAll();
    }

    /**
     * A connection may be idle again, or be closed: OkHttp takes a closed one out of the client's pool, wherever it is, and here it would
     * stay for as long as an idle one.
     */
    void released(Connection connection) {
        boolean full = connection.socket().isClosed() && closed.incrementAndGet() >= MANY_CLOSED;
        if (left || (full && pool.idleConnectionCount() <= 2 * closed.get())) { // then few others are closed with them
            closed.set(0);
            pool.evictAll();
        }
    }
}
