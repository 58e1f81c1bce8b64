package io.clusterset.benchmarks.kubernetes;

import io.clusterset.discovery.testkit.ApiFault;
import io.clusterset.discovery.testkit.ApiVerb;
import io.clusterset.discovery.testkit.FakeApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The program that serves what others keep, in a JVM of its own: what it keeps itself must not be weighed with that. */
public final class Served {

    private Served() {}

    /** {@code SERVICES SLICES REFUSED}: prints its URL, and ends when nobody holds its standard input any more. */
    public static void main(String[] arguments) throws IOException {
        FakeApiServer api = FakeApiServer.start();
        int slices = Integer.parseInt(arguments[1]);
        for (int service = 0; service < Integer.parseInt(arguments[0]); service++) {
            Slices.put(api, service, slices);
        }
        int refused = Integer.parseInt(arguments[2]);
        if (refused > 0) {
            api.fail(ApiFault.status(503).on(ApiVerb.WATCH).times(refused));
        }
        System.out.println(api.url());
        while (System.in.read() >= 0) {
            // there is nothing to say
        }
        System.exit(0); // whoever started it is gone
    }

    /**
     * Starts one.
     *
     * @param refused so many watches are answered 503 first: fabric8's are by WebSocket, which the server does not speak, and
     *     then by HTTP
     * @return its URL
     */
    static String start(int services, int slices, int refused) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Served.class.getName(),
                        String.valueOf(services),
                        String.valueOf(slices),
                        String.valueOf(refused))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String url = lines.readLine();
        if (url == null) {
            throw new IOException("the server did not start");
        }
        return url;
    }
}
