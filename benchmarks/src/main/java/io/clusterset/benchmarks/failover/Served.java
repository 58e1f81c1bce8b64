package io.clusterset.benchmarks.failover;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What a client is told of a server.
 *
 * @param name who it is
 * @param address an IP literal
 */
record Served(String name, String address, int port) {

    String endpoint() {
        return address + ":" + port;
    }

    InetAddress inet() {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException impossible) { // nothing is looked up for a literal
            throw new IllegalStateException(impossible);
        }
    }
}
