package io.clusterset.discovery.testkit;

import org.xbill.DNS.Type;

/** The kinds of DNS record a script can be written for, and that a recorded question can ask for. */
public enum RecordType {
    /** IPv4 address. */
    A(Type.A),
    /** IPv6 address. */
    AAAA(Type.AAAA),
    /** Another name for the same thing. */
    CNAME(Type.CNAME),
    /** Service: priority, weight, port and target. */
    SRV(Type.SRV),
    /** Text. */
    TXT(Type.TXT),
    /** Reverse lookup. */
    PTR(Type.PTR),
    /** Name server of a zone. */
    NS(Type.NS),
    /** Start of a zone. */
    SOA(Type.SOA),
    /** Anything else; only in recorded questions, see {@link Question#typeCode()}. */
    OTHER(-1);

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RecordType of(int code) {
        for (RecordType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return OTHER;
    }
}
