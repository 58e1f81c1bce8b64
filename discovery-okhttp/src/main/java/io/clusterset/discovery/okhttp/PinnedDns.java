package io.clusterset.discovery.okhttp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/**
 * Knows one name, and one address for it. By value: it is part of the key under which OkHttp pools.
 *
 * @param host the logical name
 * @param address the endpoint's
 * @param others who is asked for other names: a redirect's
 * @param handsBack whether a redirect to another name is the interceptor's to follow, instead
 */
record PinnedDns(String host, InetAddress address, Dns others, boolean handsBack) implements Dns {

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        if (hostname.equals(host)) {
            return List.of(address);
        } else if (handsBack) {
            throw new Redirected(host, hostname);
        }
        return others.lookup(hostname);
    }

    /** The endpoint sent the call elsewhere; or an interceptor did, which is too late: the text is for that one's author. */
    static final class Redirected extends UnknownHostException {
        private static final long serialVersionUID = 1;

        Redirected(String host, String hostname) {
            super(hostname + ": not to be reached by a call that was picked for " + host
                    + " (expected: interceptors that change a URL's host are added before DiscoveryOkHttp.install)");
        }
    }
}
