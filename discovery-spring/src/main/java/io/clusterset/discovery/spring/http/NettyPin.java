package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.model.Endpoint;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClientConfig;

/**
 * Resolves one name and port to one endpoint; for others, such as those of redirects, it asks as the client did before. Its hash, and no
 * more of it, is part of the pool's key: the same lane has the same, so that what is opened anew after a while finds its connections,
 * and another has another, or a request would go over somebody else's. {@code InetSocketAddress} adds octets up: not good enough.
 */
final class NettyPin extends AddressResolverGroup<InetSocketAddress> {

    private final Lane lane;
    private final InetSocketAddress address;
    private final HttpClientConfig others;

    /**
     * Of a lane.
     *
     * @param others how the client resolves other names
     */
    NettyPin(Lane lane, HttpClientConfig others) {
        this.lane = lane;
        this.address = named(lane);
        this.others = others;
    }

    private static InetSocketAddress named(Lane lane) {
        InetSocketAddress at = lane.endpoint().socketAddress();
        try { // no lookup: it has the octets
            return new InetSocketAddress(
                    InetAddress.getByAddress(lane.host(), at.getAddress().getAddress()), at.getPort());
        } catch (UnknownHostException impossible) {
            return at;
        }
    }

    /** A new one each time, which costs nothing: those that are kept are kept for as long as the event loop. */
    @Override
    public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
        return newResolver(executor);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Resolver(executor);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NettyPin pin && lane.equals(pin.lane) && others.equals(pin.others);
    }

    @Override
    public int hashCode() {
        return lane.hashCode();
    }

    /**
     * The way to one endpoint.
     *
     * @param host as the URL says it
     * @param port the URL's
     * @param endpoint whose address and port alone matter
     */
    record Lane(String host, int port, Endpoint endpoint) {

        boolean leadsFrom(InetSocketAddress asked) {
            return asked.getPort() == port && asked.getHostString().equalsIgnoreCase(host);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Lane lane
                    && port == lane.port
                    && host.equals(lane.host)
                    && endpoint.socketAddress().equals(lane.endpoint.socketAddress());
        }

        @Override
        public int hashCode() {
            return (host.hashCode() * 31 + port) * 31 + endpoint.addressHash();
        }
    }

    private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {

        Resolver(EventExecutor executor) {
            super(executor, InetSocketAddress.class);
        }

        @Override
        protected boolean doIsResolved(InetSocketAddress asked) {
            return !asked.isUnresolved();
        }

        @Override
        protected void doResolve(InetSocketAddress asked, Promise<InetSocketAddress> promise) {
            if (lane.leadsFrom(asked)) {
                promise.setSuccess(address);
            } else {
                pass(elsewhere().resolve(asked), promise);
            }
        }

        @Override
        protected void doResolveAll(InetSocketAddress asked, Promise<List<InetSocketAddress>> promise) {
            if (lane.leadsFrom(asked)) {
                promise.setSuccess(List.of(address));
            } else {
                pass(elsewhere().resolveAll(asked), promise);
            }
        }

        @SuppressWarnings("unchecked") // all there are resolve these
        private AddressResolver<InetSocketAddress> elsewhere() {
            AddressResolverGroup<?> own = others.resolver();
            AddressResolverGroup<?> group = own != null ? own : others.defaultAddressResolverGroup();
            return (AddressResolver<InetSocketAddress>) group.getResolver(executor());
        }

        private <T> void pass(Future<T> found, Promise<T> promise) {
            found.addListener((FutureListener<T>) done -> {
                if (done.isSuccess()) {
                    promise.trySuccess(done.getNow());
                } else {
                    promise.tryFailure(done.cause());
                }
            });
        }
    }
}
