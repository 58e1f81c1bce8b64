package io.clusterset.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The resolver that applications use where there is no library like this one; blocks, and remembers as the JVM is set to. */
@FunctionalInterface
interface SystemResolver {

    /** The JVM's own: {@code networkaddress.cache.ttl} says how long it remembers, 30 s by default. */
    SystemResolver JVM = name -> List.of(InetAddress.getAllByName(name));

    /** The addresses of a name, at least one, in the resolver's order. */
    List<InetAddress> addresses(String name) throws UnknownHostException;
}
