package io.clusterset.discovery.spring;

import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Says that there is nothing, for whoever wonders at night why nothing fails over. */
@AutoConfiguration
@ConditionalOnProperty(name = "discovery.enabled", havingValue = "false")
final class SwitchedOffAutoConfiguration {

    SwitchedOffAutoConfiguration() {
        LoggerFactory.getLogger("io.clusterset.discovery")
                .warn("discovery.enabled=false at start: names are the system's resolver's, and nothing fails over");
    }
}
