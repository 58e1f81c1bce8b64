package io.clusterset.examples.cli;

/** One line on a terminal, written over and over while calls are made. */
final class Progress {

    private static final String LINE_START = "\r";
    private static final int WIDTH = Table.WIDTH - 1;

    private final Console console;
    private final LoadRunner.Plan plan;
    private final Tally tally;
    private final SwitchLog switches;
    private boolean shown;

    Progress(Console console, LoadRunner.Plan plan, Tally tally, SwitchLog switches) {
        this.console = console;
        this.plan = plan;
        this.tally = tally;
        this.switches = switches;
    }

    /** Writes the line anew. */
    void show() {
        shown = true;
        write(tally.calls() + " of " + plan.count() + " calls, " + tally.failures() + " failed, most load on "
                + switches.most());
    }

    /** Wipes the line, if there is one. */
    void end() {
        if (shown) {
            write("");
            console.err().print(LINE_START);
            console.err().flush();
        }
    }

    private void write(String text) {
        String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
        console.err().print(LINE_START + cut + " ".repeat(WIDTH - cut.length()));
        console.err().flush();
    }
}
