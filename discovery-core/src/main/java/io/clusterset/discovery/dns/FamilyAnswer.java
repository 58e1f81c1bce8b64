package io.clusterset.discovery.dns;

import io.clusterset.discovery.model.Evidence;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What one A or AAAA question came to.
 *
 * @param kind which of the four answers
 * @param addresses usable addresses, if found
 * @param ttl seconds it may be believed; for the negative kinds the negative TTL of RFC 2308, or -1 if the server gave none
 * @param partial whether more addresses may exist than were seen
 * @param rcode the response code, or empty if nobody answered
 * @param detail what else there is to say, or empty
 * @param dropped addresses left out
 * @param outside what the name is an alias of, if that lies outside the zone
 */
record FamilyAnswer(
        Kind kind,
        List<InetAddress> addresses,
        long ttl,
        boolean partial,
        String rcode,
        String detail,
        List<Evidence.Dropped> dropped,
        Optional<String> outside) {

    FamilyAnswer(
            Kind kind,
            List<InetAddress> addresses,
            long ttl,
            boolean partial,
            String rcode,
            String detail,
            List<Evidence.Dropped> dropped) {
        this(kind, addresses, ttl, partial, rcode, detail, dropped, Optional.empty());
    }

    static FamilyAnswer negative(Kind kind, long ttl, String rcode, String detail) {
        return new FamilyAnswer(kind, List.of(), ttl, false, rcode, detail, List.of());
    }

    /** The same answer, where addresses may exist that it could not show. */
    FamilyAnswer hidingSome() {
        return new FamilyAnswer(kind, addresses, ttl, true, rcode, detail, dropped, outside);
    }

    /** The same answer, of a name that is an alias of this one. */
    FamilyAnswer aliasOf(String name) {
        return new FamilyAnswer(kind, addresses, ttl, partial, rcode, detail, dropped, Optional.of(name));
    }

    enum Kind {
        FOUND,
        EMPTY,
        NO_SUCH_NAME,
        UNKNOWN
    }
}
