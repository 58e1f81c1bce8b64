package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTest {

    @Test
    void everyKindIsReadFromText() {
        assertThat(Probe.parse("none")).isEqualTo(Probe.none());
        assertThat(Probe.parse("tcp")).isEqualTo(Probe.tcp());
        assertThat(Probe.parse("http:/ready")).isEqualTo(Probe.http("/ready"));
        assertThat(Probe.parse("https:/ready?deep=1")).isEqualTo(Probe.https("/ready?deep=1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"icmp", "https", "HTTPS:/ready", ""})
    void anotherKindIsRefused(String text) {
        assertThatThrownBy(() -> Probe.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("probe: '" + text + "' (expected: tcp, http:/PATH, https:/PATH or none)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ready",
                ":8443/ready",
                "@elsewhere/",
                "/a b",
                "/a\r\nHost: b",
                "/a#b",
                "/{a}",
                "/a%zz",
                "/\u00e4",
                "/a\\b"
            })
    void aPathThatNoRequestCouldCarryIsRefused(String path) {
        assertThatThrownBy(() -> Probe.https(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("probe path: ")
                .hasMessageEndingWith("(expected: a path such as /ready, escaped as in a URI)");
    }

    @Test
    void whomToTrustSurvivesAChangeOfOtherOptions() throws Exception {
        SSLContext mine = SSLContext.getInstance("TLS");
        assertThat(HealthOptions.defaults().toBuilder().build().probeTls()).isEmpty();
        assertThat(HealthOptions.builder().probeTls(mine).build().toBuilder()
                        .build()
                        .probeTls())
                .containsSame(mine);
    }
}
