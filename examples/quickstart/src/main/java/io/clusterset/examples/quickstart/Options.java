package io.clusterset.examples.quickstart;

/**
 * What the user asked for.
 *
 * @param seconds how long calls are made
 * @param json whether one JSON document is all that is printed
 * @param help whether only the usage is printed
 */
record Options(int seconds, boolean json, boolean help) {

    static final int LEAST_SECONDS = 8;
    static final int MOST_SECONDS = 600;
    private static final int DEFAULT_SECONDS = 30;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if it can't be read; the text is for the user
     */
    static Options parse(String... args) {
        int seconds = DEFAULT_SECONDS;
        boolean json = false;
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (arg.equals("--help") || arg.equals("-h")) {
                return new Options(seconds, json, true);
            } else if (arg.equals("--json")) {
                json = true;
            } else if (arg.equals("--seconds")) {
                i++;
                seconds = seconds(i < args.length ? args[i] : "nothing");
            } else if (arg.startsWith("--seconds=")) {
                seconds = seconds(arg.substring("--seconds=".length()));
            } else {
                throw new IllegalArgumentException(arg + ": no such option (expected: --seconds N, --json or --help)");
            }
        }
        return new Options(seconds, json, false);
    }

    private static int seconds(String text) {
        if (text.matches("[0-9]{1,9}")) {
            int seconds = Integer.parseInt(text);
            if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) {
                return seconds;
            }
        }
        throw new IllegalArgumentException(
                "--seconds: " + text + " (expected: " + LEAST_SECONDS + " to " + MOST_SECONDS + ")");
    }
}
