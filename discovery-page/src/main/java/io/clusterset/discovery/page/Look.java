package io.clusterset.discovery.page;

/** Something that can be looked at again and again. Not thread-safe. */
interface Look {

    /** How it is; the same object as the last time if nothing changed. */
    Parts look();

    /** When that was, in milliseconds of the clock that all times in it are of. */
    long now();
}
