package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is written in {@code /etc/resolv.conf}, the odd parts too.
 *
 * @param file where it is
 * @param trouble why it could not be read; empty if it could
 * @param nameservers addresses
 * @param oddNameservers what stands in their place and is no address
 * @param search lower case, without final dots
 * @param ndots of the options
 */
record ResolvConf(
        Path file,
        String trouble,
        List<String> nameservers,
        List<String> oddNameservers,
        List<String> search,
        OptionalInt ndots) {

    private static final int LARGEST = 64 * 1024;

    static ResolvConf read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return parse(file, new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            return unreadable(file, "no such file");
        } catch (IOException failed) {
            return unreadable(file, "cannot be read: " + failed.getMessage());
        }
    }

    private static ResolvConf unreadable(Path file, String trouble) {
        return new ResolvConf(file, trouble, List.of(), List.of(), List.of(), OptionalInt.empty());
    }

    static ResolvConf parse(Path file, String text) {
        List<String> nameservers = new ArrayList<>();
        List<String> odd = new ArrayList<>();
        List<String> search = new ArrayList<>();
        OptionalInt ndots = OptionalInt.empty();
        for (String line : text.split("[\\r\\n]+")) {
            String[] words = line.split("[#;]", 2)[0].strip().split("[ \\t]+");
            if (words[0].equals("nameserver") && words.length > 1) {
                (isAddress(words[1]) ? nameservers : odd).add(words[1]);
            } else if (words[0].equals("search") || words[0].equals("domain")) {
                search.clear(); // the last such line counts
                List.of(words).subList(1, words.length).stream()
                        .filter(ResolvConf::isDomain)
                        .map(ServiceName::domain)
                        .forEach(search::add);
            } else if (words[0].equals("options")) {
                for (String word : words) {
                    ndots = word.matches("ndots:\\d{1,4}")
                            ? OptionalInt.of(Integer.parseInt(word.substring("ndots:".length())))
                            : ndots;
                }
            }
        }
        return new ResolvConf(file, "", List.copyOf(nameservers), List.copyOf(odd), List.copyOf(search), ndots);
    }

    /** {@code cluster.local} for each {@code svc.cluster.local}, in order. */
    List<String> domains() {
        return search.stream()
                .filter(name -> name.startsWith("svc."))
                .map(name -> name.substring("svc.".length()))
                .distinct()
                .toList();
    }

    private static boolean isAddress(String text) {
        try {
            Addresses.literal(text);
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static boolean isDomain(String text) {
        try {
            ServiceName.domain(text);
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
