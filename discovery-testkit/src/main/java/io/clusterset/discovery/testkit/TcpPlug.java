package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that swallows connects: it listens, its queue is full, and nobody takes from it. What comes then is dropped by
 * Linux and macOS, and refused by Windows.
 */
final class TcpPlug implements AutoCloseable {

    private static final int QUEUE = 1;
    private static final int MOST_FILLERS = 16;
    private static final int FULL_AFTER_MILLIS = 100;

    private final ServerSocketChannel listener;
    private final List<SocketChannel> fillers = new ArrayList<>();

    TcpPlug(InetSocketAddress address) throws IOException {
        listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, QUEUE);
            fill(address);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        Quietly.close(listener);
        fillers.forEach(Quietly::close);
    }

    /** Connects until a connect is not answered anymore. */
    private void fill(InetSocketAddress address) throws IOException {
        try (Selector selector = Selector.open()) {
            while (fillers.size() < MOST_FILLERS && connected(address, selector)) {
                selector.selectNow();
            }
        }
    }

    private boolean connected(InetSocketAddress address, Selector selector) throws IOException {
        SocketChannel filler = SocketChannel.open();
        fillers.add(filler);
        filler.configureBlocking(false);
        if (filler.connect(address)) {
            return true;
        }
        SelectionKey key = filler.register(selector, SelectionKey.OP_CONNECT);
        boolean answered = selector.select(FULL_AFTER_MILLIS) > 0 && filler.finishConnect();
        key.cancel();
        return answered;
    }
}
