package io.clusterset.discovery.source;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.clusterset.discovery.model.ServiceName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Any text at all: a name that means the same when it is written out, or a refusal that says why. */
class NamingFuzzTest {

    private static final List<Naming> NAMINGS = List.of(
            new Naming(
                    List.of(Tier.of("local", "cluster.local"), Tier.of("clusterset", "clusterset.local")),
                    Optional.of("shop")),
            new Naming(
                    List.of(
                            Tier.of("local", "cluster.local"),
                            Tier.of("karmada", "derived-{service}.{namespace}.svc.{domain}", "cluster.local"),
                            Tier.of("dr", "{service}.dr.example.com", "example.com"),
                            Tier.of("vip", "lb.example.com", "lb.example.com").withPort(8080)),
                    Optional.empty()));

    @FuzzTest
    void whatIsAcceptedMeansTheSameWrittenOut(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        NAMINGS.forEach(naming -> parse(naming, text));
    }

    private static void parse(Naming naming, String text) {
        ServiceName name;
        try {
            name = naming.parse(text);
        } catch (IllegalArgumentException refused) {
            isPrintable(String.valueOf(refused.getMessage()));
            return;
        }
        must(naming.parse(name.toString()).equals(name), name + " is another name when it is read again");
        for (Tier tier : naming.tiers()) {
            question(tier, name).ifPresent(question -> {
                boolean fixed = !tier.template().contains("{service}"); // a load balancer's name may be any alias
                must(
                        question.zone().equals(tier.domain())
                                || (fixed && question.zone().isEmpty()),
                        "a question for another zone");
                must(ServiceName.name(question.text()).equals(question.text()), "a question that is no name");
                Name asked = absolute(question.text());
                must(asked.subdomain(absolute(tier.domain())), "a question outside its zone");
            });
        }
    }

    private static void isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            must((c >= ' ' && c < 127) || c == '\u2026', "what a log must not hold");
        }
    }

    private static void must(boolean held, String otherwise) {
        if (!held) {
            throw new AssertionError(otherwise);
        }
    }

    private static Optional<Question> question(Tier tier, ServiceName name) {
        try {
            return tier.question(name);
        } catch (IllegalArgumentException tooLong) {
            return Optional.empty();
        }
    }

    private static Name absolute(String dotted) {
        try {
            return Name.fromString(dotted + ".");
        } catch (TextParseException malformed) {
            throw new AssertionError(dotted, malformed);
        }
    }
}
