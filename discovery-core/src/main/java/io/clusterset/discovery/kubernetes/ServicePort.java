package io.clusterset.discovery.kubernetes;

/**
 * A port of a Service or ServiceImport, which callers of a virtual address use.
 *
 * @param name empty if unnamed
 * @param number 1 to 65,535
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 * @param appProtocol empty if not said
 */
record ServicePort(String name, int number, String protocol, String appProtocol) {}
