package io.clusterset.discovery.spring.actuate;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the actuator's endpoint. No bean: Spring Cloud's refresh can't reset a record, and would say so each time, at length.
 *
 * @param drill Whether who may write to the discovery endpoint may force a tier to a share of this process's traffic for a while.
 */
@ConfigurationProperties("management.endpoint.discovery")
record DiscoveryEndpointProperties(@DefaultValue("false") boolean drill) {

    /** The property's name, for messages. */
    static final String DRILL = "management.endpoint.discovery.drill";
}
