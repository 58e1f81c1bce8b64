package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The command, run in this process.
 *
 * @param status its exit status
 * @param out what it said on stdout
 * @param err what it said on stderr
 */
record Ran(int status, String out, String err) {

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    /** Runs it. */
    static Ran discovery(String... args) {
        return discovery(false, Paint.NONE, args);
    }

    /** Runs it as if a person watched. */
    static Ran onTerminal(String... args) {
        return discovery(true, new Paint(true), args);
    }

    /** The text without its colours. */
    static String uncoloured(String text) {
        return COLOUR.matcher(text).replaceAll("");
    }

    private static Ran discovery(boolean terminal, Paint paint, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), terminal, paint);
        int status = DiscoveryCommand.commandLine(console).execute(args);
        return new Ran(status, out.toString(), err.toString());
    }

    /** The one document on stdout. */
    Map<String, Object> json() {
        return json(out);
    }

    static Map<String, Object> json(String text) {
        try {
            return JSON.std.mapFrom(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(text, malformed);
        }
    }

    /** The fields of one tier in the document. */
    Map<String, Object> tier(String name) {
        return list(json(), "tiers").stream()
                .filter(tier -> name.equals(tier.get("tier")))
                .findFirst()
                .orElseThrow();
    }

    /** The objects in a field. */
    @SuppressWarnings("unchecked") // of a document whose shape the caller knows
    static List<Map<String, Object>> list(Map<String, Object> fields, String name) {
        return (List<Map<String, Object>>) Objects.requireNonNull(fields.get(name), name);
    }

    /** The object in a field. */
    @SuppressWarnings("unchecked") // as above
    static Map<String, Object> map(Map<String, Object> fields, String name) {
        return (Map<String, Object>) Objects.requireNonNull(fields.get(name), name);
    }

    /** What it said on stdout is no wider than a terminal. */
    Ran fits() {
        assertThat(out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Table.WIDTH));
        return this;
    }

    /** It ended with this status. */
    Ran endsWith(int expected) {
        assertThat(status).as("exit status; stdout: %s stderr: %s", out, err).isEqualTo(expected);
        return this;
    }
}
