package io.clusterset.examples.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/**
 * Where the command speaks: results to one stream, everything else to the other.
 *
 * @param out results
 * @param err complaints, progress
 * @param terminal whether a person watches, so that progress may be shown
 * @param paint what puts colour on results
 */
record Console(PrintWriter out, PrintWriter err, boolean terminal, Paint paint) {

    private static final JSON COMPACT = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);
    private static final JSON PRETTY = COMPACT.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    /** That of this process. */
    static Console ofThisProcess() {
        boolean terminal = isTerminal();
        Paint paint = Paint.suiting(terminal, System.getenv());
        return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), terminal, paint);
    }

    /** Since JDK 22 there is a console even where nobody sits at one, unless it is that of java.base. */
    @SuppressWarnings("SystemConsoleNull") // for that very reason
    private static boolean isTerminal() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        OutputStream stream = new FileOutputStream(descriptor);
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** Makes a command, with those it has under it, say here all it says, also of what goes wrong. */
    CommandLine speakingFor(CommandLine command) {
        Complaints complaints = new Complaints(this);
        return command.setOut(out)
                .setErr(err)
                .setExpandAtFiles(false)
                .setUsageHelpWidth(Table.WIDTH)
                .setColorScheme(Help.defaultColorScheme(paint.on() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler(complaints)
                .setExecutionExceptionHandler(complaints);
    }

    /** Prints the one JSON document of this run. */
    void document(Map<String, Object> document) {
        print(PRETTY, document);
    }

    /** Prints one of several JSON documents, each of which is a line. */
    void line(Map<String, Object> document) {
        print(COMPACT, document);
    }

    private void print(JSON form, Map<String, Object> document) {
        try {
            out.println(form.asString(document));
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

    /** A table; whole, or with cells cut so that it fits a terminal. */
    Table table(boolean whole) {
        return new Table(paint, whole);
    }

    /** Whether who read the results has gone away. Found out by writing to them. */
    boolean isUnread() {
        return out.checkError();
    }

    /** Prints one line about what went wrong. */
    void complain(String line) {
        err.println(line);
        err.flush();
    }
}
