package io.clusterset.examples.cli.doctor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a server that answers stands to a zone, by what it says and no more than that. */
enum Standing {
    /** Its own zone, and it knows what is in it. */
    SERVED,
    /** It knows the zone and tells no SOA: Lighthouse does so. */
    SERVED_WITHOUT_SOA,
    /** Home only: the zone is its own, but the service that every cluster has is not in it. */
    WITHOUT_API,
    /** Its own zone, what is there it says, what is not there is SERVFAIL: something it needs could not be read. */
    PARTLY,
    /** Its own zone, and all is SERVFAIL: nothing was read yet. */
    UNSYNCED,
    /** It says that the zone is not there, in the name of a zone above. */
    ELSEWHERE,
    /** It says that the name is not there, in nobody's name. */
    ABSENT,
    /** A service that nobody has is answered. */
    WILDCARD,
    /** It does not want to answer. */
    REFUSED,
    /** It could not find out. */
    FAILED,
    /** It answers other questions, but not those of this zone. */
    SILENT,
    /** It was not asked: out of time. */
    NOT_ASKED;

    boolean served() {
        return this == SERVED || this == SERVED_WITHOUT_SOA;
    }

    static Standing of(Server server, String zone, boolean home, Questions questions) {
        Optional<Reply> apex = server.reply(questions.apex(zone));
        Optional<Reply> api = home ? server.reply(questions.api(zone)) : Optional.empty();
        Optional<Reply> absent = server.reply(questions.absent(zone));
        List<Reply> all = Stream.of(apex, api, absent).flatMap(Optional::stream).toList();
        if (all.isEmpty()) {
            return NOT_ASKED;
        }
        List<Reply> said = all.stream().filter(Reply::answered).toList();
        if (said.isEmpty()) {
            return SILENT;
        }
        boolean own = said.stream().anyMatch(reply -> reply.isFrom(zone));
        boolean found = api.filter(reply -> reply.has("A")).isPresent();
        boolean failed = Stream.of(api, absent).flatMap(Optional::stream).anyMatch(reply -> reply.is("SERVFAIL"));
        if (absent.filter(reply -> reply.has("A")).isPresent()) {
            return WILDCARD;
        } else if (failed && own) {
            return found ? PARTLY : UNSYNCED;
        } else if (own) {
            return api.filter(reply -> reply.is("NXDOMAIN")).isPresent() ? WITHOUT_API : SERVED;
        }
        return foreign(said, found);
    }

    /** Nothing bears the zone's own SOA. */
    private static Standing foreign(List<Reply> said, boolean found) {
        if (found) {
            return SERVED_WITHOUT_SOA;
        } else if (said.stream().anyMatch(reply -> reply.is("REFUSED") || reply.is("NOTZONE") || reply.is("NOTAUTH"))) {
            return REFUSED;
        } else if (said.stream().anyMatch(reply -> reply.is("SERVFAIL"))) {
            return FAILED;
        } else if (said.stream().anyMatch(reply -> reply.soa().isPresent())) {
            return ELSEWHERE;
        }
        boolean onlyAddresses = said.stream().anyMatch(reply -> reply.is("NOTIMP"));
        return onlyAddresses ? SERVED_WITHOUT_SOA : ABSENT;
    }
}
