package io.clusterset.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The part of a file between two lines. The rest of it is somebody else's. */
record Marked(Path file, String begin, String end) {

    private record Place(int from, int to) {}

    /** Fails unless there is such a part. */
    void mustBeThere() throws IOException {
        place(read());
    }

    /** Puts this text, which ends with a line's end, in place of what stands there. */
    void replace(String text) throws IOException {
        Files.writeString(file, with(read(), text));
    }

    private String read() throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new IOException(file + ": no such file (expected: one with " + marks() + ")", missing);
        }
    }

    /** The whole text with another part. */
    String with(String whole, String part) throws IOException {
        Place place = place(whole);
        return whole.substring(0, place.from()) + part + whole.substring(place.to());
    }

    private Place place(String whole) throws IOException {
        Place place = new Place(only(whole, begin) + begin.length() + 1, only(whole, end));
        if (place.to() < place.from()) {
            throw new IOException(file + ": " + end + " comes first (expected: " + marks() + ")");
        }
        return place;
    }

    /** Where the line begins. */
    private int only(String whole, String line) throws IOException {
        String lines = "\n" + whole;
        String wanted = "\n" + line + "\n";
        int at = lines.indexOf(wanted);
        if (at < 0) {
            throw new IOException(file + ": no line " + line + " (expected: " + marks() + ")");
        }
        if (lines.indexOf(wanted, at + 1) >= 0) {
            throw new IOException(file + ": more than one line " + line + " (expected: " + marks() + ")");
        }
        return at;
    }

    private String marks() {
        return "the line " + begin + " and, below it, the line " + end + ", each once";
    }
}
