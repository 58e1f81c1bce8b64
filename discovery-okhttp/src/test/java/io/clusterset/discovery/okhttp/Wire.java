package io.clusterset.discovery.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ServerSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** How client and endpoint speak. */
enum Wire {
    HTTP1(false, Protocol.HTTP_1_1),
    HTTPS1(true, Protocol.HTTP_1_1),
    HTTP2(true, Protocol.HTTP_2, Protocol.HTTP_1_1),
    PRIOR_KNOWLEDGE(false, Protocol.H2_PRIOR_KNOWLEDGE);

    private static final HeldCertificate ROOT =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final HeldCertificate NAMES = new HeldCertificate.Builder()
            .addSubjectAlternativeName("orders.shop")
            .addSubjectAlternativeName("stock.shop")
            .signedBy(ROOT)
            .build();
    private static final HeldCertificate SOMEBODY = new HeldCertificate.Builder()
            .addSubjectAlternativeName("somebody.else")
            .signedBy(ROOT)
            .build();

    private final boolean tls;

    @SuppressWarnings("ImmutableEnumChecker") // it is a List.of
    private final List<Protocol> protocols;

    Wire(boolean tls, Protocol... protocols) {
        this.tls = tls;
        this.protocols = List.of(protocols);
    }

    boolean isTls() {
        return tls;
    }

    boolean isHttp2() {
        return this == HTTP2 || this == PRIOR_KNOWLEDGE;
    }

    String scheme() {
        return tls ? "https" : "http";
    }

    static HandshakeCertificates ofServices() {
        return new HandshakeCertificates.Builder().heldCertificate(NAMES).build();
    }

    static HandshakeCertificates ofSomebodyElse() {
        return new HandshakeCertificates.Builder().heldCertificate(SOMEBODY).build();
    }

    /** A client that speaks so, and trusts the services' certificates. */
    OkHttpClient.Builder client() {
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(ROOT.certificate())
                .build();
        OkHttpClient.Builder client = new OkHttpClient.Builder().protocols(protocols);
        return tls ? client.sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager()) : client;
    }

    MockWebServer server(
            String address,
            int port,
            HandshakeCertificates certificates,
            Supplier<MockResponse> peeked,
            Function<RecordedRequest, MockResponse> answers) {
        MockWebServer server = new MockWebServer();
        server.setProtocols(protocols);
        server.setServerSocketFactory(new Listening(!isHttp2()));
        if (tls) {
            server.useHttps(certificates.sslSocketFactory());
        }
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answers.apply(request);
            }

            /** Where the server looks for what to do to an HTTP/2 stream. */
            @Override
            public MockResponse peek() {
                return peeked.get();
            }
        });
        try {
            server.start(InetAddress.getByName(address), port);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return server;
    }

    /**
     * For a crowd of callers: what does not fit into the queue of connects is dropped, and tried again by the system a second later.
     * Over HTTP/1 the server writes headers and body apart, and with Nagle's algorithm each response would take 40 ms more.
     */
    private static final class Listening extends ServerSocketFactory {
        private static final int QUEUE = 256;

        private final boolean atOnce;

        Listening(boolean atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new ServerSocket() {
                @Override
                public void bind(SocketAddress address, int queue) throws IOException {
                    super.bind(address, QUEUE);
                }

                @Override
                public Socket accept() throws IOException {
                    Socket accepted = super.accept();
                    if (atOnce) {
                        accepted.setTcpNoDelay(true);
                    }
                    return accepted;
                }
            };
        }

        @Override
        public ServerSocket createServerSocket(int port) {
            throw new UnsupportedOperationException("MockWebServer binds its sockets itself");
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) {
            throw new UnsupportedOperationException("MockWebServer binds its sockets itself");
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
            throw new UnsupportedOperationException("MockWebServer binds its sockets itself");
        }
    }
}
