package io.clusterset.examples.cli;

/** Makes texts fit; what is left out shows as an ellipsis. */
final class Cut {

    private static final String ELLIPSIS = "…";

    private Cut() {}

    /** Leaves out the middle: names differ at either end. */
    static String middle(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int behind = (width - 1) / 2;
        return text.substring(0, width - 1 - behind) + ELLIPSIS + text.substring(text.length() - behind);
    }
}
