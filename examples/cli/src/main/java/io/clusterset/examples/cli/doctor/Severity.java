package io.clusterset.examples.cli.doctor;

import java.util.Locale;

/** How bad a finding is. */
enum Severity {
    /** As it should be. */
    OK,
    /** Worth knowing; nothing to mend. */
    NOTE,
    /** To be mended. */
    PROBLEM,
    /** Not looked at. */
    SKIPPED;

    /** As it is shown. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
