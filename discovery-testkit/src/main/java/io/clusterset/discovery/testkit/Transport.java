package io.clusterset.discovery.testkit;

/** How a question came. */
public enum Transport {
    /** In a datagram. */
    UDP,
    /** Over a connection. */
    TCP
}
