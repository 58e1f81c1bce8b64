package io.clusterset.discovery.hostile;

import static io.clusterset.discovery.hostile.WireMessage.A;
import static io.clusterset.discovery.hostile.WireMessage.AAAA;
import static io.clusterset.discovery.hostile.WireMessage.ANSWER;
import static io.clusterset.discovery.hostile.WireMessage.ANSWERED;
import static io.clusterset.discovery.hostile.WireMessage.AUTHORITY;
import static io.clusterset.discovery.hostile.WireMessage.HEADER;
import static io.clusterset.discovery.hostile.WireMessage.SOA;
import static io.clusterset.discovery.hostile.WireMessage.name;
import static io.clusterset.discovery.hostile.WireMessage.pointer;
import static io.clusterset.discovery.hostile.WireMessage.soa;
import static io.clusterset.discovery.hostile.WireMessage.withFlags;

import io.clusterset.discovery.model.Addresses;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A nameserver with somebody in front of it who sends first. The right answer to A is 10.0.0.1, to anything else NODATA;
 * every false one says {@link #POISON}. Fast, and octet by octet: the test kit's server is for scripts, this one for floods.
 */
final class Forger implements AutoCloseable {

    static final String RIGHT = "10.0.0.1";
    static final String POISON = "203.0.113.66";

    /** What is said to one question, in order; over TCP all of it on one connection. */
    interface Script {
        List<byte[]> answers(Query query, boolean tcp, Random random);
    }

    /** A question as it came. */
    static final class Query {
        private final byte[] wire;
        private final int questionEnds;

        private Query(byte[] wire, int questionEnds) {
            this.wire = wire;
            this.questionEnds = questionEnds;
        }

        static Query of(byte[] wire) {
            int at = HEADER;
            while (wire[at] != 0) {
                at += wire[at] + 1;
            }
            return new Query(wire, at + 5);
        }

        boolean hasEdns() {
            return wire[11] == 1;
        }

        int type() {
            return ((wire[questionEnds - 4] & 0xff) << 8) | (wire[questionEnds - 3] & 0xff);
        }

        byte[] question() {
            return Arrays.copyOfRange(wire, HEADER, questionEnds);
        }

        byte[] right() {
            WireMessage message = withFlags(ANSWERED).raw(question());
            if (type() == A) {
                return withId(message.record(ANSWER, pointer(HEADER), A, WireMessage.address(RIGHT))
                        .bytes(1, 1, 0, 0));
            }
            return withId(message.record(AUTHORITY, name("cluster.local"), SOA, soa(5))
                    .bytes(1, 0, 1, 0));
        }

        byte[] poison() {
            byte[] data = type() == AAAA ? WireMessage.address("2001:db8::666") : WireMessage.address(POISON);
            return withId(withFlags(ANSWERED)
                    .raw(question())
                    .record(ANSWER, pointer(HEADER), type(), WireMessage.IN, 86_400, data)
                    .bytes(1, 1, 0, 0));
        }

        /** The message with this question's id. */
        byte[] withId(byte[] message) {
            message[0] = wire[0];
            message[1] = wire[1];
            return message;
        }
    }

    /** False answers that are right but for one thing. */
    enum Lie {
        WRONG_ID {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] poison = query.poison();
                int other = 1 + random.nextInt(0xffff);
                poison[0] ^= (byte) (other >> 8);
                poison[1] ^= (byte) other;
                return poison;
            }
        },
        NOT_A_RESPONSE {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] poison = query.poison();
                poison[2] &= 0x7f;
                return poison;
            }
        },
        OTHER_OPCODE {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] poison = query.poison();
                poison[2] |= (byte) ((1 + random.nextInt(15)) << 3);
                return poison;
            }
        },
        OTHER_NAME {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] poison = query.poison();
                poison[HEADER + 1 + random.nextInt(poison[HEADER])] ^= 1;
                return poison;
            }
        },
        OTHER_TYPE {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] poison = query.poison();
                poison[query.questionEnds - 3] ^= (byte) (1 + random.nextInt(0xff));
                return poison;
            }
        },
        OTHER_CLASS {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] poison = query.poison();
                poison[query.questionEnds - 1] ^= (byte) (1 + random.nextInt(0xff));
                return poison;
            }
        },
        TWO_QUESTIONS {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] poison = query.poison();
                byte[] both = WireMessage.joined(
                        Arrays.copyOf(poison, query.questionEnds),
                        query.question(),
                        Arrays.copyOfRange(poison, query.questionEnds, poison.length));
                both[5] = 2;
                return both;
            }
        },
        NO_QUESTION {
            @Override
            byte[] tell(Query query, Random random) {
                byte[] name = Arrays.copyOfRange(query.wire, HEADER, query.questionEnds - 4);
                return query.withId(withFlags(ANSWERED)
                        .record(ANSWER, name, A, WireMessage.address(POISON))
                        .bytes());
            }
        };

        abstract byte[] tell(Query query, Random random);
    }

    private final Script script;
    private final Random random = new Random(5452);
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    private Forger(Script script, boolean withTcp) throws IOException {
        this.script = script;
        InetAddress loopback = Addresses.literal("127.0.0.1");
        tcp = new ServerSocket(0, 1_000, loopback);
        try {
            udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
        } catch (SocketException taken) {
            tcp.close();
            throw taken;
        }
        udp.setReceiveBufferSize(1024 * 1024);
        start("forger-udp", this::datagrams);
        if (withTcp) {
            start("forger-tcp", this::connections);
        } else {
            tcp.close();
        }
    }

    static Forger start(Script script) {
        return start(script, true);
    }

    /** One that refuses connections. */
    static Forger withoutTcp(Script script) {
        return start(script, false);
    }

    private static Forger start(Script script, boolean withTcp) {
        IOException last = new IOException("no attempt");
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return new Forger(script, withTcp);
            } catch (IOException e) {
                last = e; // free for TCP, taken for UDP
            }
        }
        throw new UncheckedIOException(last);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** By UDP. */
    int questions() {
        return questions.get();
    }

    int tcpQuestions() {
        return connections.get();
    }

    private void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void datagrams() {
        byte[] buffer = new byte[2_048];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                questions.incrementAndGet();
                SocketAddress from = packet.getSocketAddress();
                Query query = Query.of(Arrays.copyOf(buffer, packet.getLength()));
                for (byte[] answer : script.answers(query, false, random)) {
                    udp.send(new DatagramPacket(answer, answer.length, from));
                }
            } catch (SocketException closed) {
                // the client's port is gone, or ours: the loop looks
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void connections() {
        while (!tcp.isClosed()) {
            try (Socket connection = tcp.accept()) {
                DataInputStream in = new DataInputStream(connection.getInputStream());
                DataOutputStream out = new DataOutputStream(connection.getOutputStream());
                byte[] wire = in.readNBytes(in.readUnsignedShort());
                connections.incrementAndGet();
                for (byte[] answer : script.answers(Query.of(wire), true, random)) {
                    out.writeShort(answer.length);
                    out.write(answer);
                }
                in.read(); // until the client has had enough
            } catch (IOException closed) {
                // by the client, or by us: the loop looks
            }
        }
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
            for (Thread thread : threads) {
                thread.join(5_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
