package io.clusterset.discovery.dns;

import java.net.InetSocketAddress;
import org.xbill.DNS.Message;

/** What became of one question on the wire. */
sealed interface DnsReply permits DnsReply.Answered, DnsReply.Failed {

    /**
     * A server answered.
     *
     * @param message the answer, id and question checked
     * @param server who answered
     * @param partial whether it was cut short and TCP could not complete it
     */
    record Answered(Message message, InetSocketAddress server, boolean partial) implements DnsReply {}

    /**
     * Nobody answered.
     *
     * @param why in words, servers named
     * @param unsent whether nothing was sent, because every server is known to be silent
     */
    record Failed(String why, boolean unsent) implements DnsReply {
        Failed(String why) {
            this(why, false);
        }
    }
}
