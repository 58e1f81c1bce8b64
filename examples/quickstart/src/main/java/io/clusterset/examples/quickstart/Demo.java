package io.clusterset.examples.quickstart;

/** Holds the place of the real program. */
public final class Demo {
    private Demo() {}

    /** Starts the program. */
    public static void main(String[] args) {
        System.out.println("not written yet");
    }
}
