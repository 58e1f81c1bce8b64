package io.clusterset.discovery.okhttp;

import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;

/** A factory of the user's, which remembers what it made. */
final class UsersSockets extends SocketFactory {

    private final List<Socket> made = new CopyOnWriteArrayList<>();

    List<Socket> made() {
        return List.copyOf(made);
    }

    /** How many are connected to an address. */
    long open(String address) {
        return made.stream()
                .filter(socket -> !socket.isClosed() && socket.isConnected())
                .filter(socket -> socket.getInetAddress().getHostAddress().equals(address))
                .count();
    }

    @Override
    public Socket createSocket() {
        Socket socket = new Socket();
        made.add(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String name, int port) {
        throw new AssertionError("OkHttp makes sockets first and connects them later");
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress from, int fromPort) {
        throw new AssertionError("OkHttp makes sockets first and connects them later");
    }

    @Override
    public Socket createSocket(InetAddress address, int port) {
        throw new AssertionError("OkHttp makes sockets first and connects them later");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort) {
        throw new AssertionError("OkHttp makes sockets first and connects them later");
    }
}
