package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.model.DiscoveryException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/**
 * Says why a service has no endpoint, if anybody asks: a cached response needs none.
 *
 * @param host the logical name
 * @param reason why there is none
 * @param others who is asked for other names: a cached redirect's
 */
record NoEndpointDns(String host, DiscoveryException reason, Dns others) implements Dns {

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        if (hostname.equals(host)) {
            throw unknown(reason);
        }
        return others.lookup(hostname);
    }

    static UnknownHostException unknown(DiscoveryException reason) {
        UnknownHostException unknown = new UnknownHostException(reason.getMessage());
        unknown.initCause(reason);
        return unknown;
    }
}
