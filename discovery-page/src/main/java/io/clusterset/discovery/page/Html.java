package io.clusterset.discovery.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** The page as it is in the jar: one style, one script, and a place to say where the data are. Immutable. */
final class Html {

    private static final String DATA = "<meta name=\"data\" content=\"\">";
    private static final String STATE = "<a href=\"state\">"; // where there are no scripts

    private final String text;
    private final String policy;

    private Html(String text) {
        this.text = text;
        this.policy = "default-src 'none'; script-src " + hash("script") + "; style-src " + hash("style")
                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    static Html read() {
        try (InputStream page = Objects.requireNonNull(Html.class.getResourceAsStream("page.html"), "page.html")) {
            return new Html(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The page, its data found at URLs that begin with this. */
    String at(String data) {
        String from = escaped(data);
        return text.replace(DATA, DATA.replace("\"\"", "\"" + from + "\""))
                .replace(STATE, STATE.replace("state", from + "state"));
    }

    String policy() {
        return policy;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }

    /** Browsers run the script and heed the style that have this hash, and no other. */
    private String hash(String element) {
        int from = text.indexOf("<" + element + ">") + element.length() + 2;
        String content = text.substring(from, text.indexOf("</" + element + ">", from));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }
}
