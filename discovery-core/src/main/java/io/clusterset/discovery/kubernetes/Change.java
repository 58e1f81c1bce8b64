package io.clusterset.discovery.kubernetes;

/** A line of a watch. */
sealed interface Change<T> {

    /** It is there, or has changed. */
    record Put<T>(Item<T> item) implements Change<T> {}

    /** It is gone. */
    record Gone<T>(String namespace, String name, String version) implements Change<T> {}

    /** Nothing has changed up to here. */
    record Bookmark<T>(String version) implements Change<T> {}

    /** The server ends the watch. */
    record Ended<T>(ApiServer.Answer.Refused why) implements Change<T> {}

    /** It makes no sense, or is of a kind that is not known: passed over. */
    record Skipped<T>(String why) implements Change<T> {}
}
