package io.clusterset.discovery.testkit;

/** The response codes a script can answer with. */
public enum Rcode {
    /** No error. With no records in the answer: the name exists, but not with this type. */
    NOERROR(0),
    /** The server says it did not understand the question. */
    FORMERR(1),
    /** The server failed; CoreDNS says so while it has not read its services yet. */
    SERVFAIL(2),
    /** No such name. */
    NXDOMAIN(3),
    /** The server does not answer this kind of question; Lighthouse says so to anything but A, AAAA and SRV. */
    NOTIMP(4),
    /** The server does not want to answer. */
    REFUSED(5),
    /** The name is not in a zone of this server; Lighthouse says so. */
    NOTZONE(10);

    private final int code;

    Rcode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
