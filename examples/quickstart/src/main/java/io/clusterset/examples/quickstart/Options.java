package io.clusterset.examples.quickstart;

/**
 * What the user asked for.
 *
 * @param seconds how long calls are made; with the page, how long it takes until all begins anew
 * @param json whether one JSON document is all that is printed
 * @param ui whether there is a page to look at, until interrupted
 * @param port where the page is; 0: wherever there is room
 * @param help whether only the usage is printed
 */
record Options(int seconds, boolean json, boolean ui, int port, boolean help) {

    static final int LEAST_SECONDS = 8;
    static final int MOST_SECONDS = 600;
    private static final int DEFAULT_SECONDS = 30;
    private static final int SECONDS_TO_LOOK = 60;
    private static final int DEFAULT_PORT = 8421;
    private static final int NOT_SAID = -1;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if it can't be read; the text is for the user
     */
    static Options parse(String... args) {
        int seconds = NOT_SAID;
        int port = NOT_SAID;
        boolean json = false;
        boolean ui = false;
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (arg.equals("--help") || arg.equals("-h")) {
                return new Options(DEFAULT_SECONDS, json, ui, DEFAULT_PORT, true);
            } else if (arg.equals("--json")) {
                json = true;
            } else if (arg.equals("--ui")) {
                ui = true;
            } else if (arg.equals("--seconds")) {
                i++;
                seconds = seconds(i < args.length ? args[i] : "nothing");
            } else if (arg.startsWith("--seconds=")) {
                seconds = seconds(arg.substring("--seconds=".length()));
            } else if (arg.equals("--port")) {
                i++;
                port = port(i < args.length ? args[i] : "nothing");
            } else if (arg.startsWith("--port=")) {
                port = port(arg.substring("--port=".length()));
            } else {
                throw new IllegalArgumentException(
                        arg + ": no such option (expected: --seconds N, --json, --ui, --port N or --help)");
            }
        }
        if (ui && json) {
            throw new IllegalArgumentException(
                    "--json: with --ui there is no end to report of (expected: one of them)");
        } else if (!ui && port != NOT_SAID) {
            throw new IllegalArgumentException("--port: " + port + " (expected: --ui beside it)");
        }
        int usual = ui ? SECONDS_TO_LOOK : DEFAULT_SECONDS;
        return new Options(
                seconds == NOT_SAID ? usual : seconds, json, ui, port == NOT_SAID ? DEFAULT_PORT : port, false);
    }

    private static int seconds(String text) {
        return number("--seconds", text, LEAST_SECONDS, MOST_SECONDS);
    }

    private static int port(String text) {
        return number("--port", text, 0, 65_535);
    }

    private static int number(String option, String text, int least, int most) {
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(option + ": " + text + " (expected: " + least + " to " + most + ")");
    }
}
