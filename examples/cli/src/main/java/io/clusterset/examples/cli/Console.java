package io.clusterset.examples.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Where the command speaks: results to one stream, everything else to the other.
 *
 * @param out results
 * @param err complaints, progress
 * @param terminal whether a person watches, so that progress may be shown
 */
record Console(PrintWriter out, PrintWriter err, boolean terminal) {

    private static final JSON WRITER =
            JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).with(JSON.Feature.WRITE_NULL_PROPERTIES);

    /** Prints the one JSON document of this run. */
    void document(Map<String, Object> document) {
        try {
            out.println(WRITER.asString(document));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // maps, lists, numbers and texts only
        }
        out.flush();
    }

    /** Prints lines for a person. */
    void lines(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }

    /** Prints one line about what went wrong. */
    void complain(String line) {
        err.println(line);
        err.flush();
    }
}
