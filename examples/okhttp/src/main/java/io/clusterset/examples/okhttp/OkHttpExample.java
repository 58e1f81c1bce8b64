package io.clusterset.examples.okhttp;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.okhttp.DiscoveryOkHttp;
import io.clusterset.examples.cli.UrlLoad;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import okhttp3.OkHttpClient;

/**
 * An OkHttpClient whose calls go to the local cluster while that is well, and elsewhere when it is not.
 *
 * <pre>
 *  java -jar okhttp-example.jar             two clusters in this process: one dies, comes back, and no call fails
 *  java -jar okhttp-example.jar --url URL   GETs of a URL, with the options and the report of {@code discovery call}; see --help
 * </pre>
 */
public final class OkHttpExample {

    private OkHttpExample() {}

    /** The one line. The URLs stay as they are: {@code http://orders.shop/list}. */
    static OkHttpClient client(Discovery discovery) {
        return DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery).build();
    }

    /** Does what the arguments say, or tells the story if there are none, and ends the process with the exit status. */
    public static void main(String[] args) throws InterruptedException {
        System.exit(args.length == 0 ? story() : load().run(args));
    }

    private static int story() throws InterruptedException {
        return new Story(new PrintWriter(System.out, true, StandardCharsets.UTF_8)).tell();
    }

    /** GETs of a URL that is somewhere out there. */
    static UrlLoad load() {
        return new UrlLoad(
                "okhttp-example",
                (discovery, url, timeout) -> new OkHttpGetter(client(discovery), url, timeout),
                "Make HTTP GETs by an OkHttpClient that fails over, and show who served them: as discovery call"
                        + " does, with the library installed in the client.",
                "",
                "Without any option: two clusters in this process, of which one dies and comes back.",
                "");
    }
}
