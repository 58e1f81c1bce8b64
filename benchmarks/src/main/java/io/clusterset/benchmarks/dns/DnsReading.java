package io.clusterset.benchmarks.dns;

import io.clusterset.discovery.dns.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From the octets of an answer to the addresses that may be used. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class DnsReading {

    @Param({"1", "16", "200"})
    public int endpoints;

    private final Reading reading = new Reading(DnsExchanges.NAME + ".");
    private byte[] answer = {};

    @Setup
    public void makeAnswer() throws IOException {
        ByteBuffer message = ByteBuffer.allocate(4096).put(DnsExchanges.query()).flip();
        Answers.answer(message, endpoints);
        answer = new byte[message.remaining()];
        message.get(answer);
        if (reading.addresses(answer) != endpoints) {
            throw new IllegalStateException("not all of " + endpoints + " addresses were read");
        }
    }

    @Benchmark
    public int read() throws IOException {
        return reading.addresses(answer);
    }
}
