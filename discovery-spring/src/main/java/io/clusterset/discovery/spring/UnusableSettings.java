package io.clusterset.discovery.spring;

import io.clusterset.discovery.model.Text;
import java.util.function.Supplier;

/** A setting that the application cannot start with. The text names key, value, origin and what was expected. */
final class UnusableSettings extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private UnusableSettings(IllegalArgumentException why) {
        super(why.getMessage(), why);
    }

    /** What is made of settings, or who is to blame. */
    static <T> T naming(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            throw new UnusableSettings(refused);
        }
    }

    /** In one line: Spring's own exceptions hide the reason in the last of their causes. */
    static String text(Throwable thrown) {
        StringBuilder text = new StringBuilder(Text.safe(String.valueOf(thrown.getMessage())));
        Throwable cause = thrown.getCause();
        for (int depth = 0; cause != null && depth < 8; depth++, cause = cause.getCause()) {
            String more = String.valueOf(cause.getMessage());
            if (text.indexOf(Text.safe(more)) < 0) {
                text.append(": ").append(Text.safe(more));
            }
        }
        return text.toString();
    }
}
