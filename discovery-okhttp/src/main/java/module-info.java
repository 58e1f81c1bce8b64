/** Adapts the core to OkHttp. Exports nothing yet: there is no public type. */
module io.clusterset.discovery.okhttp {
    requires static org.jspecify;
}
