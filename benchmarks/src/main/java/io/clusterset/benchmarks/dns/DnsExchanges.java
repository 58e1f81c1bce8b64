package io.clusterset.benchmarks.dns;

import io.clusterset.discovery.dns.Asking;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;

/** One A query and its answer over loopback, the caller waiting: nothing but sockets, ours, and the peers. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DnsExchanges {

    static final String NAME = "orders.shop.svc.cluster.local";

    @Benchmark
    public int bareOneSocket(OneSocket bare) throws IOException {
        return bare.exchange();
    }

    @Benchmark
    public int bareFreshSocket(FreshSocket bare) throws IOException {
        return bare.exchange();
    }

    @Benchmark
    public Object ours(Ours ours) throws Exception {
        return ours.asking.ask();
    }

    @Benchmark
    public Object dnsjavaResolver(Dnsjava dnsjava) throws IOException {
        return dnsjava.resolver.send(Message.newQuery(dnsjava.question));
    }

    @Benchmark
    public Object dnsjavaSession(Dnsjava dnsjava) throws Exception {
        return dnsjava.session
                .lookupAsync(dnsjava.question.getName(), Type.A)
                .toCompletableFuture()
                .get();
    }

    @Benchmark
    public Object netty(NettyOneSocket netty) throws Exception {
        return netty.resolver.resolve(NAME).get();
    }

    @Benchmark
    public Object nettyFreshSocket(NettyFreshSocket netty) throws Exception {
        return netty.resolver.resolve(NAME).get();
    }

    static Record question() {
        return Record.newRecord(Name.fromConstantString(NAME + "."), Type.A, DClass.IN);
    }

    /** The query as our transport sends it. */
    static byte[] query() {
        Message query = Message.newQuery(question());
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return query.toWire();
    }

    private static DatagramChannel connected(InetSocketAddress server) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.connect(server);
        return channel;
    }

    /** What every client needs: somebody who answers. */
    @State(Scope.Benchmark)
    public abstract static class Answered {
        final Responder responder = new Responder();

        @TearDown
        public void close() {
            responder.close();
        }
    }

    /** The floor: one connected socket, write and read. */
    public static class OneSocket extends Answered {
        private final ByteBuffer query =
                ByteBuffer.allocateDirect(512).put(query()).flip();
        private final ByteBuffer reply = ByteBuffer.allocateDirect(4096);
        private final DatagramChannel channel;

        public OneSocket() {
            try {
                channel = connected(responder.address());
            } catch (IOException noSocket) {
                throw new UncheckedIOException(noSocket);
            }
        }

        int exchange() throws IOException {
            channel.write(query.rewind());
            return channel.read(reply.clear());
        }
    }

    /** The floor for who wants a random port for every query: open, connect, write, read, close. */
    public static class FreshSocket extends Answered {
        private final ByteBuffer query =
                ByteBuffer.allocateDirect(512).put(query()).flip();
        private final ByteBuffer reply = ByteBuffer.allocateDirect(4096);
        private final InetSocketAddress server = responder.address();

        int exchange() throws IOException {
            try (DatagramChannel channel = connected(server)) {
                channel.write(query.rewind());
                return channel.read(reply.clear());
            }
        }
    }

    /** Our transport. */
    public static class Ours extends Answered {
        final Asking asking = new Asking(responder.address(), NAME + ".");

        @Override
        @TearDown
        public void close() {
            asking.close();
            super.close();
        }
    }

    /** dnsjava: a socket per query, a selector thread of its own. */
    public static class Dnsjava extends Answered {
        final Record question = question();
        final SimpleResolver resolver = new SimpleResolver(responder.address());
        final LookupSession session = LookupSession.builder().resolver(resolver).build();
    }

    /** Netty's resolver without its caches. */
    public abstract static class Netty extends Answered {
        private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        final DnsNameResolver resolver;

        Netty(DnsNameResolverChannelStrategy strategy) {
            resolver = new DnsNameResolverBuilder(loop.next())
                    .datagramChannelType(NioDatagramChannel.class)
                    .datagramChannelStrategy(strategy)
                    .nameServerProvider(new SequentialDnsServerAddressStreamProvider(responder.address()))
                    .resolveCache(NoopDnsCache.INSTANCE)
                    .cnameCache(NoopDnsCnameCache.INSTANCE)
                    .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                    .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                    .searchDomains(List.of())
                    .build();
        }

        @Override
        @TearDown
        public void close() {
            resolver.close();
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
            super.close();
        }
    }

    /** As Netty comes: one socket, and so one port, for all queries. */
    public static class NettyOneSocket extends Netty {
        public NettyOneSocket() {
            super(DnsNameResolverChannelStrategy.ChannelPerResolver);
        }
    }

    /** Netty with what we promise: a socket per query. */
    public static class NettyFreshSocket extends Netty {
        public NettyFreshSocket() {
            super(DnsNameResolverChannelStrategy.ChannelPerResolution);
        }
    }
}
