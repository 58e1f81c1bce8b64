package io.clusterset.examples.cli.doctor;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that was seen, and nothing of what it means.
 *
 * @param library what the library would do here
 * @param questions what servers were asked
 * @param servers the nameservers of all zones
 * @param behind the cluster's own DNS servers, where others stand in front of them
 * @param api what the API server said
 * @param now the time of this machine
 * @param subject the name that was asked about, if one was
 */
record Observations(
        ResolvConf file,
        Library library,
        Questions questions,
        List<Server> servers,
        List<Server> behind,
        ApiAnswer api,
        Instant now,
        Optional<Subject> subject) {

    Observations {
        servers = List.copyOf(servers);
        behind = List.copyOf(behind);
    }

    /** Those of a zone that answer anything at all. */
    List<Server> answering(List<InetSocketAddress> asked) {
        return servers.stream()
                .filter(server -> asked.contains(server.address()) && server.answers())
                .toList();
    }

    /** How a server stands to a zone. */
    Standing standing(Server server, Zone zone) {
        boolean home = library.home().filter(zone::equals).isPresent();
        return Standing.of(server, zone.domain(), home, questions);
    }

    /** How it stands to home; {@link Standing#SERVED} if it is not asked about home. */
    Standing homeStanding(Server server) {
        return library.home()
                .filter(home -> home.servers().contains(server.address()))
                .map(home -> standing(server, home))
                .orElse(Standing.SERVED);
    }
}
