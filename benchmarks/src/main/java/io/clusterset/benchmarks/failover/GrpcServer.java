package io.clusterset.benchmarks.failover;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A gRPC server with one method, whose answer is what it was asked, until it falls silent. */
final class GrpcServer implements AutoCloseable {

    private static final int QUEUE = 8;
    private static final int MOST_FILLERS = 64;
    private static final int FULL_AFTER_MILLIS = 100;

    private static final String SERVICE = "Orders";
    private static final MethodDescriptor.Marshaller<byte[]> OCTETS = new Octets();

    /** Octets in, octets out: no code need be generated for that. */
    static final MethodDescriptor<byte[], byte[]> LIST = MethodDescriptor.newBuilder(OCTETS, OCTETS)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "List"))
            .build();

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()); // accepts, reads and writes
    private final CountDownLatch silence = new CountDownLatch(1);
    private final List<SocketChannel> fillers = new ArrayList<>();
    private final InetSocketAddress address;
    private final Server server;

    private GrpcServer(InetSocketAddress wanted) throws IOException {
        server = NettyServerBuilder.forAddress(wanted)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelType(NioServerSocketChannel.class)
                .withOption(ChannelOption.SO_BACKLOG, QUEUE)
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(LIST, ServerCalls.asyncUnaryCall((request, answer) -> {
                            answer.onNext(request);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        address = new InetSocketAddress(wanted.getAddress(), server.getPort());
    }

    /** On this address and port, 0 for a free one. */
    static GrpcServer start(String address, int port) throws IOException {
        return new GrpcServer(new InetSocketAddress(InetAddress.getByName(address), port));
    }

    int port() {
        return address.getPort();
    }

    /** Answers nothing on the connections there are, and lets new ones wait until they time out. */
    void blackHole() throws IOException {
        loop.execute(this::fallSilent);
        try (Selector selector = Selector.open()) {
            while (connected(selector)) {
                if (fillers.size() > MOST_FILLERS) {
                    throw new IOException(address + ": answers connects (expected: silence)");
                }
                selector.selectNow();
            }
        }
    }

    private void fallSilent() {
        try {
            silence.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean connected(Selector selector) throws IOException {
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

    @Override
    public void close() throws IOException {
        silence.countDown();
        server.shutdownNow();
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        if (!loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS)) {
            throw new IOException(address + ": still runs after 5 s (expected: closed)");
        }
    }

    private static final class Octets implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
