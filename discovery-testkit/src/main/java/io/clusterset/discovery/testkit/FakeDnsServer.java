package io.clusterset.discovery.testkit;

import io.clusterset.discovery.testkit.DnsResponder.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A DNS server for tests: real UDP and TCP sockets on one loopback port, answers as scripted, questions recorded.
 *
 * <pre>{@code
 * try (FakeDnsServer dns = FakeDnsServer.start()) {
 *     dns.service("orders.shop.svc.cluster.local", "10.0.0.1", "10.0.0.2");
 *     dns.on("orders.shop.svc.clusterset.local", A).answer(Duration.ofSeconds(30), "10.9.0.1").delay(ofMillis(50));
 *     // point the client under test at dns.endpoint(), then:
 *     dns.on("orders.shop.svc.cluster.local").rcode(SERVFAIL);
 *     assertThat(dns.awaitQuestions(3, Duration.ofSeconds(5))).noneMatch(q -> q.transport() == TCP);
 * }
 * }</pre>
 *
 * <p>Without a script, names in the zones it serves ({@link #serving}; {@code cluster.local} and
 * {@code clusterset.local} by default) get NXDOMAIN with an SOA record, or NODATA with one if the name has another type
 * or has names below it; other names get REFUSED. Flags are those of CoreDNS: AA set, RA not. EDNS is answered with
 * EDNS, and an answer larger than what the client takes over UDP is truncated.
 *
 * <p>Thread-safe. Owns at most three daemon threads ({@code fake-dns-…}), which end with {@link #close()}; a delay
 * holds up nothing but its answer. The newest 100,000 questions are kept.
 */
public final class FakeDnsServer implements AutoCloseable {

    private static final int ATTEMPTS = 100;
    private static final Duration TTL = Duration.ofSeconds(5);

    private final DnsScripts scripts = new DnsScripts();
    private final ServiceScripts services = new ServiceScripts(scripts);
    private final Arrivals<Question> questions = new Arrivals<>();
    private final Delays delays = new Delays("fake-dns-delays");
    private final DnsResponder responder = new DnsResponder(scripts, questions, delays);
    private final UdpServer udp;
    private final TcpServer tcp;
    private final InetSocketAddress address;
    private boolean running = true;
    private boolean closed;

    private FakeDnsServer(InetSocketAddress wanted) throws IOException {
        udp = new UdpServer("fake-dns-udp", responder::receivedOverUdp);
        tcp = new TcpServer("fake-dns-tcp", connection -> new DnsOverTcp(connection, responder::receivedOverTcp));
        scripts.serve(Stream.of("cluster.local", "clusterset.local")
                .map(DnsRecords::name)
                .toList());
        address = tcp.listen(wanted);
        try {
            udp.listen(address);
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    /**
     * Starts a server on 127.0.0.1, on a port that is free for UDP and TCP.
     *
     * @throws UncheckedIOException if there is none
     */
    public static FakeDnsServer start() {
        return start(Addresses.LOOPBACK, 0);
    }

    /**
     * Starts a server on 127.0.0.1 and the given port, 0 for any.
     *
     * @throws IllegalArgumentException if the port is not in 0 to 65535
     * @throws UncheckedIOException if the port is in use, for UDP or TCP
     */
    public static FakeDnsServer start(int port) {
        return start(Addresses.LOOPBACK, port);
    }

    /**
     * Starts a server on the given address (an IP literal, such as {@code ::1}, or {@code 127.0.0.2} where the system
     * has it) and port, 0 for any.
     *
     * @throws IllegalArgumentException if the port is not in 0 to 65535
     * @throws UncheckedIOException if the address is not of this machine, or the port is in use, for UDP or TCP
     */
    public static FakeDnsServer start(String address, int port) {
        InetSocketAddress wanted = Addresses.socket(address, port);
        IOException last = new IOException("no attempt");
        for (int attempt = 0; attempt < (port == 0 ? ATTEMPTS : 1); attempt++) {
            try {
                return new FakeDnsServer(wanted);
            } catch (IOException e) {
                last = e; // free for TCP, taken for UDP: the system picks another one
            }
        }
        throw cannotListen(wanted, last);
    }

    /** Where it listens, for UDP and TCP. */
    public InetSocketAddress address() {
        return address;
    }

    /** The port it listens on, for UDP and TCP. */
    public int port() {
        return address.getPort();
    }

    /** Where it listens, as {@code 127.0.0.1:PORT}. */
    public String endpoint() {
        return Addresses.text(address);
    }

    /**
     * Serves these zones instead of those before. Names outside of them are REFUSED unless scripted.
     *
     * @throws IllegalArgumentException if one is not a DNS name
     */
    public void serving(String... zones) {
        scripts.serve(Stream.of(zones).map(DnsRecords::name).toList());
    }

    /**
     * The script for one name and type, to be written; what was written before stays until then.
     *
     * @param name absolute, with or without the trailing dot, in any letter case
     * @throws IllegalArgumentException if the name is not a DNS name, or the type is {@link RecordType#OTHER}
     */
    public DnsScript on(String name, RecordType type) {
        if (type == RecordType.OTHER) {
            throw new IllegalArgumentException("type: OTHER (expected: one that has a number)");
        }
        return new DnsScript(scripts, DnsRecords.name(name), type.code());
    }

    /**
     * The script for whatever is asked of one name, to be written. Its first step replaces all scripts of the name;
     * those written for a type later go first again.
     *
     * @param name absolute, with or without the trailing dot, in any letter case
     * @throws IllegalArgumentException if the name is not a DNS name
     */
    public DnsScript on(String name) {
        return new DnsScript(scripts, DnsRecords.name(name), DnsScripts.EVERY_TYPE);
    }

    /**
     * Publishes the addresses of a service, with a time to live of 5 seconds, instead of all scripts of the name: A and
     * AAAA records, NODATA for a family that has none.
     *
     * @param addresses IPv4 and IPv6 literals; with none the name exists and is empty
     * @throws IllegalArgumentException if the name or an address can't be read
     */
    public void service(String name, String... addresses) {
        service(name, TTL, addresses);
    }

    /**
     * The same as {@link #service(String, String...)}, with the given time to live.
     *
     * @param ttl 0 to 4294967295 seconds
     * @throws IllegalArgumentException if the time to live is out of range, or the name or an address can't be read
     */
    public void service(String name, Duration ttl, String... addresses) {
        services.publish(name, ttl, addresses);
    }

    /**
     * Publishes a named TCP port of a headless service as CoreDNS does, with a time to live of 5 seconds: SRV records at
     * {@code _portName._tcp.name} with one target ({@code 10-0-0-1.name}) per endpoint, its address as glue; A or AAAA
     * records of each target; and those of the name itself, instead of all scripts of it. Names of endpoints published
     * before and not now are withdrawn.
     *
     * @param endpoints as {@code ADDRESS:PORT}, IPv6 in brackets; with none the names do not exist
     * @throws IllegalArgumentException if the name or an endpoint can't be read
     */
    public void srvService(String name, String portName, String... endpoints) {
        services.publishPort(name, portName, TTL, endpoints);
    }

    /**
     * Forgets all scripts of a name: it is answered like any other that was never scripted.
     *
     * @throws IllegalArgumentException if the name is not a DNS name
     */
    public void forget(String name) {
        scripts.forget(DnsRecords.name(name));
    }

    /**
     * Runs something that writes several scripts, steps or modifiers while no question is answered, so that none is
     * answered by half of them. It must not wait for a question.
     */
    public void atomically(Runnable changes) {
        synchronized (scripts) {
            changes.run();
        }
    }

    /** Answers nothing from now on, as if packets were lost; questions are still recorded. */
    public synchronized void silence() {
        Faults was = responder.faults();
        responder.suffer(new Faults(true, was.silentTcp(), was.failAll(), was.delay()));
    }

    /** Ends {@link #silence()}. Other faults stay. */
    public synchronized void speak() {
        Faults was = responder.faults();
        responder.suffer(new Faults(false, was.silentTcp(), was.failAll(), was.delay()));
    }

    /** Answers every question with this code, without moving its script on. */
    public synchronized void failAll(Rcode rcode) {
        Faults was = responder.faults();
        responder.suffer(new Faults(was.silent(), was.silentTcp(), rcode, was.delay()));
    }

    /**
     * Delays every answer by this much, in addition to its own delay; zero for not at all. Questions are not held up.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public synchronized void delayAll(Duration delay) {
        Durations.requireNotNegative("delay", delay);
        Faults was = responder.faults();
        responder.suffer(new Faults(was.silent(), was.silentTcp(), was.failAll(), delay));
    }

    /** Refuses TCP connections and resets those there are; UDP goes on. {@link #recover()} ends it. */
    public synchronized void refuseTcp() {
        tcp.refuse(address);
    }

    /** Accepts TCP connections but answers nothing over them; UDP goes on. {@link #recover()} ends it. */
    public synchronized void silenceTcp() {
        Faults was = responder.faults();
        responder.suffer(new Faults(was.silent(), true, was.failAll(), was.delay()));
    }

    /**
     * Ends all faults of the whole server, except {@link #stop()}. Scripts stay.
     *
     * @throws UncheckedIOException if TCP was refused and the port is gone
     */
    public synchronized void recover() {
        responder.suffer(Faults.NONE);
        if (running) {
            listen();
        }
    }

    /**
     * Closes the sockets, as when the process died: the system tells UDP clients "port unreachable" and refuses TCP
     * connects. Answers under way are lost. The port stays reserved where the system allows it.
     */
    public synchronized void stop() {
        if (running) {
            running = false;
            tcp.refuse(address);
            udp.stop(address);
            delays.clear();
        }
    }

    /**
     * Listens again on the same port after {@link #stop()}, scripts and questions as they were.
     *
     * @throws IllegalStateException if it is closed
     * @throws UncheckedIOException if the port is gone
     */
    public synchronized void restart() {
        if (closed) {
            throw new IllegalStateException(endpoint() + ": closed (expected: stopped)");
        }
        listen();
        running = true;
    }

    /** All questions since the start or {@link #forgetQuestions()}, in the order they arrived. */
    public List<Question> questions() {
        return questions.all();
    }

    /** The questions for one name, of any type and in any letter case, in the order they arrived. */
    public List<Question> questions(String name) {
        return questions.matching(question -> isFor(question, name));
    }

    /** Forgets the questions so far. */
    public void forgetQuestions() {
        questions.forget();
    }

    /**
     * Waits until at least {@code count} questions have arrived since the start or {@link #forgetQuestions()}.
     *
     * @param count at most 100,000
     * @return all of them
     * @throws AssertionError if they have not arrived within the time
     * @throws IllegalStateException if interrupted while waiting; the interrupt flag stays set
     */
    public List<Question> awaitQuestions(int count, Duration within) {
        return questions.await(endpoint() + " questions", question -> true, count, within);
    }

    /**
     * Waits until at least {@code count} questions for one name, of any type and in any letter case, have arrived.
     *
     * @param count at most 100,000
     * @return all of them
     * @throws AssertionError if they have not arrived within the time
     * @throws IllegalStateException if interrupted while waiting; the interrupt flag stays set
     */
    public List<Question> awaitQuestions(String name, int count, Duration within) {
        return questions.await(endpoint() + " questions for " + name, question -> isFor(question, name), count, within);
    }

    /** Closes the sockets, frees the port, and ends the threads. Idempotent. */
    @Override
    public synchronized void close() {
        running = false;
        closed = true;
        udp.close();
        tcp.close();
        delays.close();
    }

    @Override
    public String toString() {
        return "FakeDnsServer " + endpoint();
    }

    private void listen() {
        try {
            udp.listen(address);
            tcp.listen(address);
        } catch (IOException e) {
            throw cannotListen(address, e);
        }
    }

    private static boolean isFor(Question question, String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return question.name().equalsIgnoreCase(bare);
    }

    private static UncheckedIOException cannotListen(InetSocketAddress address, IOException cause) {
        return new UncheckedIOException(
                "fake DNS server: can't listen on " + Addresses.text(address) + " (" + cause.getMessage() + ")", cause);
    }
}
