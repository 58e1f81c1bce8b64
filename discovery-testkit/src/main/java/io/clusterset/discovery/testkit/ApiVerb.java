package io.clusterset.discovery.testkit;

/** What a request wants of an API server, in the words of its access rules. */
public enum ApiVerb {
    /** One object, or a document about the API itself. */
    GET,
    /** A collection, or a page of it. */
    LIST,
    /** The changes of a collection. */
    WATCH,
    /** Anything else, which {@link FakeApiServer} does not do. */
    OTHER
}
