package io.clusterset.discovery.config;

/** Something in a process's settings is wrong or cannot be read. The text says what, where and what was expected. */
public final class RefusedSettings extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // never serialized
    private final transient Settings rest;

    RefusedSettings(IllegalArgumentException why, Settings rest) {
        super(why.getMessage(), why);
        this.rest = rest;
    }

    /** The kill switch, as far as it could be read all the same: nothing else is in it. */
    public Settings rest() {
        return rest;
    }
}
