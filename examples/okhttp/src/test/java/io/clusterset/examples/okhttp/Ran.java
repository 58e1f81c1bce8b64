package io.clusterset.examples.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The program, run.
 *
 * @param status its exit status
 * @param out what it said on stdout
 * @param err what it said on stderr
 */
record Ran(int status, String out, String err) {

    /** In this process. */
    static Ran example(List<String> args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = OkHttpExample.load().run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
        return new Ran(status, out.toString(), err.toString());
    }

    Ran endsWith(int expected) {
        assertThat(status).as("exit status; stdout: %s stderr: %s", out, err).isEqualTo(expected);
        return this;
    }

    /** The one document on stdout. */
    Map<String, Object> json() throws IOException {
        return JSON.std.mapFrom(out);
    }

    /** A figure of the document. */
    int figure(String field) throws IOException {
        return ((Number) field(json(), field)).intValue();
    }

    /** How many calls a tier served. */
    int servedBy(String tier) throws IOException {
        return ((Number) field((Map<?, ?>) field(json(), "tiers"), tier)).intValue();
    }

    /** {@code local -> clusterset}, one for each switch in the document. */
    List<String> switches() throws IOException {
        List<String> switches = new ArrayList<>();
        for (Object change : (List<?>) field(json(), "switches")) {
            Map<?, ?> fields = (Map<?, ?>) change;
            switches.add(fields.get("from") + " -> " + fields.get("to"));
        }
        return switches;
    }

    private static Object field(Map<?, ?> document, String name) {
        return Objects.requireNonNull(document.get(name), name);
    }
}
