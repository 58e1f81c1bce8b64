/** Adapts the core to Spring. Exports nothing yet: there is no public type. */
module io.clusterset.discovery.spring {
    requires static org.jspecify;
}
