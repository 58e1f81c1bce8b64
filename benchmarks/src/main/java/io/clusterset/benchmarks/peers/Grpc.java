package io.clusterset.benchmarks.peers;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.SynchronizationContext;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** gRPC-Java's {@code round_robin} over connections that are always ready. */
public final class Grpc {

    private Grpc() {}

    /** {@code pickSubchannel} of the picker it published. */
    public static Supplier<Object> pick(int endpoints) {
        Channel channel = new Channel();
        channel.resolved(Addresses.each(endpoints, Grpc::group));
        return channel::pick;
    }

    /** {@code acceptResolvedAddresses}, until the picker is published, and the first pick. */
    public static Supplier<Object> rebuild(int endpoints) {
        Turns<List<EquivalentAddressGroup>> lists =
                new Turns<>(Addresses.each(endpoints, Grpc::group), Addresses.eachButOne(endpoints, Grpc::group));
        Channel channel = new Channel();
        return () -> {
            channel.resolved(lists.next());
            return channel.pick();
        };
    }

    /** A list of address groups, as a resolver hands them on. */
    public static Object model(int service, int endpoints) {
        return Addresses.each(service, endpoints, Grpc::group);
    }

    /** The balancer itself. */
    public static Object balancer(int service, int endpoints) {
        Channel channel = new Channel();
        channel.resolved(Addresses.each(service, endpoints, Grpc::group));
        return channel;
    }

    private static EquivalentAddressGroup group(int nth) {
        return new EquivalentAddressGroup(Addresses.socket(nth));
    }

    /** As much of a channel as the balancer needs. */
    private static final class Channel extends LoadBalancer.Helper {
        private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "grpc-timer");
            thread.setDaemon(true);
            return thread;
        });

        private final SynchronizationContext serial = new SynchronizationContext((thread, thrown) -> {
            throw new IllegalStateException(thrown);
        });
        private final LoadBalancer balancer = LoadBalancerRegistry.getDefaultRegistry()
                .getProvider("round_robin")
                .newLoadBalancer(this);
        private volatile LoadBalancer.SubchannelPicker picker =
                new LoadBalancer.FixedResultPicker(LoadBalancer.PickResult.withNoResult());

        void resolved(List<EquivalentAddressGroup> groups) {
            serial.execute(() -> {
                var refused = balancer.acceptResolvedAddresses(LoadBalancer.ResolvedAddresses.newBuilder()
                        .setAddresses(groups)
                        .build());
                if (!refused.isOk()) {
                    throw new IllegalStateException(refused.toString());
                }
            });
        }

        Object pick() {
            LoadBalancer.Subchannel picked = picker.pickSubchannel(null).getSubchannel();
            if (picked == null) {
                throw new IllegalStateException("nothing to pick");
            }
            return picked;
        }

        @Override
        public void updateBalancingState(ConnectivityState state, LoadBalancer.SubchannelPicker next) {
            picker = next;
        }

        @Override
        public LoadBalancer.Subchannel createSubchannel(LoadBalancer.CreateSubchannelArgs args) {
            return new Ready(args.getAddresses());
        }

        @Override
        public ManagedChannel createOobChannel(EquivalentAddressGroup group, String authority) {
            throw new UnsupportedOperationException("round_robin asks for no channel of its own");
        }

        @Override
        public String getAuthority() {
            return "orders";
        }

        @Override
        public SynchronizationContext getSynchronizationContext() {
            return serial;
        }

        @Override
        public ScheduledExecutorService getScheduledExecutorService() {
            return TIMER;
        }

        @Override
        public ChannelLogger getChannelLogger() {
            return Silent.LOGGER;
        }
    }

    /** A connection to one endpoint, ready as soon as it is wanted. */
    private static final class Ready extends LoadBalancer.Subchannel {
        private List<EquivalentAddressGroup> addresses;
        private LoadBalancer.@Nullable SubchannelStateListener listener;

        Ready(List<EquivalentAddressGroup> addresses) {
            this.addresses = addresses;
        }

        @Override
        public void start(LoadBalancer.SubchannelStateListener told) {
            listener = told;
        }

        @Override
        public void requestConnection() {
            Objects.requireNonNull(listener)
                    .onSubchannelState(ConnectivityStateInfo.forNonError(ConnectivityState.READY));
        }

        @Override
        public List<EquivalentAddressGroup> getAllAddresses() {
            return addresses;
        }

        @Override
        public void updateAddresses(List<EquivalentAddressGroup> next) {
            addresses = next;
        }

        @Override
        public void shutdown() {}

        @Override
        public Attributes getAttributes() {
            return Attributes.EMPTY;
        }

        @Override
        public ChannelLogger getChannelLogger() {
            return Silent.LOGGER;
        }
    }

    private static final class Silent extends ChannelLogger {
        static final ChannelLogger LOGGER = new Silent();

        @Override
        public void log(ChannelLogLevel level, String message) {}

        @Override
        public void log(ChannelLogLevel level, String format, Object... arguments) {}
    }
}
