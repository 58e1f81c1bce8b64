package io.clusterset.discovery.cache;

import java.io.IOException;

/** Why a file is not used. */
final class UnusableSnapshot extends IOException {

    private static final long serialVersionUID = 1;

    private final String why;
    private final boolean worthless;

    private UnusableSnapshot(String why, boolean worthless) {
        super(why);
        this.why = why;
        this.worthless = worthless;
    }

    /** Nobody can use it. */
    static UnusableSnapshot worthless(String why) {
        return new UnusableSnapshot(why, true);
    }

    /** Somebody else may: another version of this library, another cluster, one whose clock is right, whoever wrote it. */
    static UnusableSnapshot notOurs(String why) {
        return new UnusableSnapshot(why, false);
    }

    String why() {
        return why;
    }

    /** Whether it may be put out of the way. */
    boolean isWorthless() {
        return worthless;
    }
}
