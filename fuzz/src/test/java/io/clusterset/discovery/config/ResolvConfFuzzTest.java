package io.clusterset.discovery.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.clusterset.discovery.model.ServiceName;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;

/** Any file at all: what can be read of it is used, nothing is thrown, and nobody is asked. */
class ResolvConfFuzzTest {

    @FuzzTest
    void anyTextIsReadAsFarAsItGoes(byte[] content) {
        ResolvConf seen = ResolvConf.parse(new String(content, StandardCharsets.UTF_8));
        must(seen.nameservers().size() <= 8, "more than 8 nameservers");
        must(new HashSet<>(seen.nameservers()).size() == seen.nameservers().size(), "a nameserver twice");
        for (InetSocketAddress server : seen.nameservers()) {
            must(!server.isUnresolved() && server.getPort() == 53, "a nameserver that is no address");
        }
        must(seen.domains().size() <= 8, "more than 8 domains");
        must(new HashSet<>(seen.domains()).size() == seen.domains().size(), "a domain twice");
        for (String domain : seen.domains()) {
            must(ServiceName.name(domain).equals(domain), "a domain that is none");
        }
        seen.namespace().ifPresent(label -> must(ServiceName.label(label).equals(label), "a namespace that is none"));
    }

    private static void must(boolean held, String otherwise) {
        if (!held) {
            throw new AssertionError(otherwise);
        }
    }
}
