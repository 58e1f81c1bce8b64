package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A server in a process of its own: says its port and serves until whoever started it is gone, or worse. */
final class Serving {

    /** What it speaks. */
    enum Protocol {
        HTTP,
        GRPC
    }

    /** The one thing it can be told: from now on it answers nobody. It says the same when that is so. */
    static final String BLACK_HOLE = "black hole";

    private final int port;
    private final BlackHole blackHole;

    private Serving(int port, BlackHole blackHole) {
        this.port = port;
        this.blackHole = blackHole;
    }

    @FunctionalInterface
    private interface BlackHole {
        void happens() throws IOException;
    }

    private static Serving of(Protocol protocol, String name, String address, int port) throws IOException {
        switch (protocol) {
            case HTTP -> {
                FakeEndpoint http = FakeEndpoint.start(name, address, port);
                return new Serving(http.port(), http::blackHole);
            }
            case GRPC -> {
                GrpcServer grpc = GrpcServer.start(address, port);
                return new Serving(grpc.port(), grpc::blackHole);
            }
        }
        throw new IllegalArgumentException("protocol: " + protocol + " (expected: HTTP or GRPC)");
    }

    /** {@code PROTOCOL NAME ADDRESS PORT}. */
    public static void main(String[] arguments) throws IOException {
        Serving serving =
                of(Protocol.valueOf(arguments[0]), arguments[1], arguments[2], Integer.parseInt(arguments[3]));
        System.out.println(serving.port);
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = told.readLine(); line != null; line = told.readLine()) {
            if (!line.equals(BLACK_HOLE)) {
                throw new IllegalArgumentException("told: " + line + " (expected: " + BLACK_HOLE + ")");
            }
            serving.blackHole.happens();
            System.out.println(BLACK_HOLE);
        }
        System.exit(0); // whoever started it is gone; its servers' threads would go on
    }
}
