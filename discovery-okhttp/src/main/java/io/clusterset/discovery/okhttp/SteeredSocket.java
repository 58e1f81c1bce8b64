package io.clusterset.discovery.okhttp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket that connects to one port where it is told another, and that seems closed to a call that leaves its lane; all else is done by
 * the user's own, which it is made of.
 */
final class SteeredSocket extends Socket {

    private final Socket socket;
    private final int told;
    private final int port;
    private final Lane lane;
    private volatile boolean givenUp;

    SteeredSocket(Socket socket, int told, int port, Lane lane) {
        this.socket = socket;
        this.told = told;
        this.port = port;
        this.lane = lane;
    }

    /** Ends the connection, and in a way that OkHttp does not take for one that was closed meanwhile, to connect there again. */
    void giveUp() {
        givenUp = true;
        try {
            socket.close();
        } catch (IOException closed) {
            // it is meant to be
        }
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        connect(address, 0);
    }

    /** Another address, or another port, is somebody else's: a redirect's. */
    @Override
    public void connect(SocketAddress address, int millis) throws IOException {
        boolean steered = address instanceof InetSocketAddress inet
                && inet.getPort() == told
                && lane.address().equals(inet.getAddress());
        socket.connect(steered ? new InetSocketAddress(lane.address(), port) : address, millis);
    }

    @Override
    public void bind(SocketAddress value) throws IOException {
        socket.bind(value);
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public @Nullable SocketChannel getChannel() {
        return socket.getChannel();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read(byte[] octets, int from, int most) throws IOException {
                try {
                    return super.read(octets, from, most);
                } catch (IOException failed) {
                    throw givenUp ? (IOException) new InterruptedIOException("given up").initCause(failed) : failed;
                }
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public void setTcpNoDelay(boolean value) throws SocketException {
        socket.setTcpNoDelay(value);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return socket.getTcpNoDelay();
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        socket.setSoLinger(on, seconds);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return socket.getSoLinger();
    }

    @Override
    public void sendUrgentData(int value) throws IOException {
        socket.sendUrgentData(value);
    }

    @Override
    public void setOOBInline(boolean value) throws SocketException {
        socket.setOOBInline(value);
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return socket.getOOBInline();
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the other one is synchronized
    public void setSoTimeout(int value) throws SocketException {
        socket.setSoTimeout(value);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the other one is synchronized
    public int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the other one is synchronized
    public void setSendBufferSize(int value) throws SocketException {
        socket.setSendBufferSize(value);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the other one is synchronized
    public int getSendBufferSize() throws SocketException {
        return socket.getSendBufferSize();
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the other one is synchronized
    public void setReceiveBufferSize(int value) throws SocketException {
        socket.setReceiveBufferSize(value);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the other one is synchronized
    public int getReceiveBufferSize() throws SocketException {
        return socket.getReceiveBufferSize();
    }

    @Override
    public void setKeepAlive(boolean value) throws SocketException {
        socket.setKeepAlive(value);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return socket.getKeepAlive();
    }

    @Override
    public void setTrafficClass(int value) throws SocketException {
        socket.setTrafficClass(value);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return socket.getTrafficClass();
    }

    @Override
    public void setReuseAddress(boolean value) throws SocketException {
        socket.setReuseAddress(value);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return socket.getReuseAddress();
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the other one is synchronized
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isBound() {
        return socket.isBound();
    }

    @Override
    public boolean isClosed() {
        return lane.isDeparting() || socket.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public void setPerformancePreferences(int time, int latency, int bandwidth) {
        socket.setPerformancePreferences(time, latency, bandwidth);
    }

    @Override
    public <T> Socket setOption(SocketOption<T> option, T value) throws IOException {
        socket.setOption(option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return socket.getOption(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return socket.supportedOptions();
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
