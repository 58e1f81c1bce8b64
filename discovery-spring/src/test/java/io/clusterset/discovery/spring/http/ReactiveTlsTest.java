package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.observe.Figures;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Mono;

/** The certificate is the name's, whichever endpoint shows it. */
@ExtendWith(OutputCaptureExtension.class)
class ReactiveTlsTest {

    private static final HeldCertificate ROOT =
            new HeldCertificate.Builder().certificateAuthority(0).build();

    private static HeldCertificate of(String name) {
        return new HeldCertificate.Builder()
                .addSubjectAlternativeName(name)
                .signedBy(ROOT)
                .build();
    }

    private static ApplicationContextRunner trusting(ApplicationContextRunner application) throws SSLException {
        SslContext tls =
                SslContextBuilder.forClient().trustManager(ROOT.certificate()).build();
        ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> trust =
                builder -> builder.withHttpClientCustomizer(client -> client.secure(spec -> spec.sslContext(tls)));
        return application.withBean(ClientHttpConnectorBuilderCustomizer.class, () -> trust);
    }

    private static Mono<String> get(WebClient client, int port) {
        return client.get()
                .uri("https://orders.shop:" + port + "/list")
                .retrieve()
                .bodyToMono(String.class);
    }

    @Test
    void theNameIsCheckedAndBothClustersHaveIt() throws SSLException {
        HeldCertificate certificate = of("orders.shop");
        try (ReactiveShop shop = new ReactiveShop();
                ReactivePod home = ReactivePod.startTls("home", ReactiveShop.HOME, 0, certificate);
                ReactivePod remote = ReactivePod.startTls("remote", ReactiveShop.REMOTE, home.port(), certificate)) {
            ReactiveShop.with(trusting(shop.application()), client -> {
                assertThat(get(client, home.port()).block(Duration.ofSeconds(10)))
                        .isEqualTo("home");
                assertThat(home.seen().get(0).host()).isEqualTo("orders.shop:" + home.port());
                home.stop();
                assertThat(get(client, home.port()).block(Duration.ofSeconds(10)))
                        .isEqualTo("remote");
                assertThat(remote.seen()).hasSize(1);
            });
        }
    }

    /** Who would check the address. The system knows no orders.shop. */
    @Test
    void theOthersKeepTheNameAndGoPastDiscovery(CapturedOutput output) throws SSLException {
        try (ReactiveShop shop = new ReactiveShop();
                ReactivePod home = ReactivePod.startTls("home", ReactiveShop.HOME, 0, of("orders.shop"))) {
            shop.with("jdk", client -> {
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> get(client, home.port()).block(Duration.ofSeconds(10)))
                            .isInstanceOf(WebClientRequestException.class)
                            .rootCause()
                            .isInstanceOf(UnresolvedAddressException.class);
                }
            });
            assertThat(shop.atHome()).isEqualTo(Figures.Attempts.NONE);
        }
        assertThat(output.getOut()).containsOnlyOnce("can't check a certificate for a name at an address");
    }

    @Test
    void somebodyElsesCertificateIsRefused() throws SSLException {
        try (ReactiveShop shop = new ReactiveShop();
                ReactivePod home = ReactivePod.startTls("home", ReactiveShop.HOME, 0, of("somebody.else"));
                ReactivePod remote =
                        ReactivePod.startTls("remote", ReactiveShop.REMOTE, home.port(), of("somebody.else"))) {
            ReactiveShop.with(trusting(shop.application()), client -> {
                assertThatThrownBy(() -> get(client, home.port()).block(Duration.ofSeconds(10)))
                        .isInstanceOf(WebClientRequestException.class)
                        .hasStackTraceContaining("orders.shop");
                assertThat(home.seen()).isEmpty();
                assertThat(remote.seen()).isEmpty();
            });
        }
    }
}
