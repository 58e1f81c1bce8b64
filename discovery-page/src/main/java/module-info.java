/** A web page that shows what a discovery is doing, and the JDK's HTTP server to serve it. */
module io.clusterset.discovery.page {
    requires jdk.httpserver;
    requires static org.jspecify;
    requires transitive io.clusterset.discovery;

    exports io.clusterset.discovery.page;
}
