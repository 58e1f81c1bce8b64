package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who asks, for whom it may concern: read again at most once a minute, and after a no. Never shown. Thread-safe. */
final class Token {

    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int LONGEST = 64 * 1024;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

    private final Optional<Path> file;
    private final Ticker ticker;
    private String text;
    private long readAt;
    private boolean read;

    private Token(Optional<Path> file, String text, Ticker ticker) {
        this.file = file;
        this.text = text;
        this.ticker = ticker;
    }

    /** None: a certificate says who asks, or nobody does. */
    static Token none(Ticker ticker) {
        return new Token(Optional.empty(), "", ticker);
    }

    /** Always this one. */
    static Token of(String text, Ticker ticker) throws IOException {
        return new Token(Optional.empty(), checked(text, "token"), ticker);
    }

    /** What is in the file, which may be written anew at any time. */
    static Token in(Path file, Ticker ticker) {
        return new Token(Optional.of(file), "", ticker);
    }

    /**
     * The token now; empty text if there is none.
     *
     * @throws IOException if it never could be read
     */
    synchronized String now() throws IOException {
        boolean old = !read || ticker.nanos() - readAt >= KEPT.toNanos();
        if (file.isPresent() && old) {
            readAt = ticker.nanos();
            try {
                text = contents(file.get());
                read = true;
            } catch (IOException unreadable) {
                if (text.isEmpty()) {
                    throw unreadable;
                }
            }
        }
        return text;
    }

    /** This one was refused: whether there is another one now. */
    synchronized boolean isAnotherThan(String refused) {
        read = false;
        try {
            return !now().equals(refused);
        } catch (IOException gone) {
            return false;
        }
    }

    private static String contents(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("token: no file " + Text.path(file)
                    + " (expected: that of a service account; automountServiceAccountToken may be false)");
        }
        if (Files.size(file) > LONGEST) {
            throw new IOException(
                    "token: " + Text.path(file) + " has " + Files.size(file) + " bytes (expected: a token)");
        }
        return checked(Files.readString(file).strip(), Text.path(file));
    }

    /** What is no token would be shown by those who refuse it. */
    private static String checked(String text, String where) throws IOException {
        if (!PLAIN.matcher(text).matches()) {
            throw new IOException(where + ": " + (text.isEmpty() ? "empty" : "characters that no token has")
                    + " (expected: a bearer token)");
        }
        return text;
    }

    @Override
    public String toString() {
        return "Token";
    }
}
