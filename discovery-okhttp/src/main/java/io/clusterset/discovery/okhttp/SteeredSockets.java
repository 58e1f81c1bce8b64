package io.clusterset.discovery.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Objects;
import java.util.Optional;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the user's sockets connect to an endpoint's port where the URL says another, so that neither the URL nor what is made of it
 * ({@code Host}, SNI, cookies, cache, redirects) has to change. By value: it is part of the key under which OkHttp pools.
 */
final class SteeredSockets extends SocketFactory {

    private final SocketFactory users;
    private final int told;
    private final int port;
    private final Lane lane;
    private final Journey.Leg leg;
    private volatile Optional<SteeredSocket> made = Optional.empty();

    /**
     * With the user's factory.
     *
     * @param told the port of the URL
     * @param port the port of the endpoint
     * @param lane whose connections they are
     * @param leg the attempt that they are made for
     */
    SteeredSockets(SocketFactory users, int told, int port, Lane lane, Journey.Leg leg) {
        this.users = users;
        this.told = told;
        this.port = port;
        this.lane = lane;
        this.leg = leg;
    }

    /** The one way OkHttp asks. */
    @Override
    public Socket createSocket() throws IOException {
        if (leg.isGivenUp()) {
            throw new ProtocolException("the attempt was given up"); // which OkHttp does not try again
        }
        SteeredSocket socket = new SteeredSocket(users.createSocket(), told, port, lane);
        made = Optional.of(socket);
        return socket;
    }

    /** Ends the connection over the socket that was made last, whatever protocols are on it, as OkHttp does if a call is cancelled. */
    void close() {
        made.ifPresent(SteeredSocket::giveUp);
    }

    @Override
    public Socket createSocket(String name, int at) throws IOException {
        return users.createSocket(name, at);
    }

    @Override
    public Socket createSocket(String name, int at, InetAddress from, int fromPort) throws IOException {
        return users.createSocket(name, at, from, fromPort);
    }

    @Override
    public Socket createSocket(InetAddress address, int at) throws IOException {
        return users.createSocket(address, at);
    }

    @Override
    public Socket createSocket(InetAddress address, int at, InetAddress from, int fromPort) throws IOException {
        return users.createSocket(address, at, from, fromPort);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SteeredSockets that
                && users.equals(that.users)
                && told == that.told
                && port == that.port
                && lane.equals(that.lane);
    }

    @Override
    public int hashCode() {
        return Objects.hash(users, told, port, lane);
    }
}
