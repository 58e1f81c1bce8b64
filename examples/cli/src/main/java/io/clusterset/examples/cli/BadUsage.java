package io.clusterset.examples.cli;

/** The command was used wrongly; the text is the one line that is shown. Exit status 2. */
final class BadUsage extends RuntimeException {

    private static final long serialVersionUID = 1;

    BadUsage(String line) {
        super(line);
    }

    BadUsage(String line, Throwable cause) {
        super(line, cause);
    }
}
