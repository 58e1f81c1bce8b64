package io.clusterset.benchmarks.failover;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.util.Arrays;

/** gRPC's own channel to a name that its own resolver looks up, with one of its own policies. */
final class Grpc implements Client, AutoCloseable {

    private static final byte[] QUESTION = {'l', 'i', 's', 't'};

    private final ManagedChannel channel;

    /** A policy as gRPC calls it: {@code pick_first}, {@code round_robin}. */
    Grpc(String policy, String name, int port) {
        channel = NettyChannelBuilder.forTarget("dns:///" + name + ":" + port)
                .defaultLoadBalancingPolicy(policy)
                .usePlaintext()
                .build();
    }

    @Override
    public void call() throws IOException {
        byte[] answer = ClientCalls.blockingUnaryCall(channel, GrpcServer.LIST, CallOptions.DEFAULT, QUESTION);
        if (!Arrays.equals(answer, QUESTION)) {
            throw new IOException("an answer of " + answer.length + " octets (expected: what was asked)");
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
