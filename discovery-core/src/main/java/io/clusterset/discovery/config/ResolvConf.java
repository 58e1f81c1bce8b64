package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.ServiceName;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a {@code resolv.conf} says of the cluster. What is odd in it is passed over, never guessed at: a process outside a
 * cluster has such a file too. Immutable.
 *
 * @param nameservers in order, each once, port 53, at most 8
 * @param domains {@code cluster.local} for each {@code svc.cluster.local} in the search list, in order, at most 8: the kubelet writes the
 *     cluster's, a pod's {@code dnsConfig} may put the cluster set's behind it, or in front
 * @param namespace {@code shop} if that list holds {@code shop.svc.cluster.local} too, as the kubelet writes it
 */
record ResolvConf(List<InetSocketAddress> nameservers, List<String> domains, Optional<String> namespace) {

    private static final int MOST_NAMESERVERS = 8;
    private static final int MOST_DOMAINS = 8; // each is looked for in the whole list
    private static final int DNS_PORT = 53;
    private static final String SERVICES = "svc.";
    private static final Pattern LINE_END = Pattern.compile("[\\r\\n]+");
    private static final Pattern COMMENT = Pattern.compile("[#;]");
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

    /** Copies the lists. */
    ResolvConf {
        nameservers = List.copyOf(nameservers);
        domains = List.copyOf(domains);
    }

    /** Reads the text of such a file; refuses nothing. */
    static ResolvConf parse(String text) {
        Set<InetSocketAddress> nameservers = new LinkedHashSet<>();
        List<String> search = List.of();
        for (String line : LINE_END.split(text)) {
            String[] words = BLANKS.split(COMMENT.split(line, 2)[0].strip());
            if (words[0].equals("nameserver") && words.length > 1 && nameservers.size() < MOST_NAMESERVERS) {
                nameserver(words[1]).ifPresent(nameservers::add);
            } else if (words[0].equals("search") || words[0].equals("domain")) {
                search = names(words); // the last such line counts, as in the resolver
            }
        }
        List<String> list = search;
        List<String> services = list.stream()
                .filter(name -> name.startsWith(SERVICES))
                .distinct()
                .limit(MOST_DOMAINS)
                .toList();
        return new ResolvConf(
                List.copyOf(nameservers),
                services.stream().map(name -> name.substring(SERVICES.length())).toList(),
                services.stream()
                        .flatMap(domain -> namespace(list, domain).stream())
                        .findFirst()); // a namespace is called the same in all clusters of a set
    }

    /** The label in front of the services' domain. */
    private static Optional<String> namespace(List<String> search, String services) {
        return search.stream()
                .filter(name -> name.endsWith("." + services))
                .map(name -> name.substring(0, name.length() - services.length() - 1))
                .filter(front ->
                        front.indexOf('.') < 0 && front.charAt(0) != '_') // a domain may begin so, a namespace not
                .findFirst();
    }

    /** The names behind the keyword; {@code .} alone is common, and no name of a cluster. */
    private static List<String> names(String[] words) {
        return Stream.of(words).skip(1).flatMap(word -> domain(word).stream()).toList();
    }

    private static Optional<String> domain(String text) {
        try {
            return Optional.of(ServiceName.domain(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<InetSocketAddress> nameserver(String literal) {
        try {
            return Optional.of(new InetSocketAddress(Addresses.literal(literal), DNS_PORT));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
