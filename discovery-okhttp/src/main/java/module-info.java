/** Adapts the core to OkHttp 5: a {@code Dns} and an interceptor. */
module io.clusterset.discovery.okhttp {
    requires kotlin.stdlib;
    requires static org.jspecify;
    requires transitive io.clusterset.discovery;
    requires transitive okhttp3;

    exports io.clusterset.discovery.okhttp;
}
