package io.clusterset.examples.cli;

/** Holds the place of the real program. */
public final class DiscoveryCommand {
    private DiscoveryCommand() {}

    /** Starts the program. */
    public static void main(String[] args) {
        System.out.println("not written yet");
    }
}
