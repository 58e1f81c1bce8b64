package io.clusterset.discovery.dns;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The library's own transport as {@code DnsSource} uses it, for a caller that waits. */
@NullMarked
public final class Asking implements AutoCloseable {

    private final IoLoop io =
            new IoLoop("discovery-io", Ticker.system(), thrown -> System.err.println("loop: " + thrown));
    private final DnsClient client = new DnsClient(
            io, new SecureRandom(), Ticker.system(), () -> Duration.ofSeconds(2), new Nameservers.Listener() {
                @Override
                public void down(InetSocketAddress server, Name zone) {
                    throw new IllegalStateException(server + " does not answer");
                }

                @Override
                public void back(InetSocketAddress server, Name zone) {}
            });
    private final List<InetSocketAddress> servers;
    private final Name name;

    /** Asks one server for one name. */
    public Asking(InetSocketAddress server, String absoluteName) {
        this.servers = List.of(server);
        this.name = Name.fromConstantString(absoluteName);
    }

    /** One A query; fails if nobody answered. */
    public Object ask() throws Exception {
        CompletableFuture<DnsReply> answer = new CompletableFuture<>();
        client.ask(name, Type.A, Name.root, servers, Effort.NORMAL, answer::complete);
        DnsReply reply = answer.get();
        if (reply instanceof DnsReply.Failed failed) {
            throw new IllegalStateException(failed.why());
        }
        return reply;
    }

    @Override
    public void close() {
        io.close();
    }
}
