package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.observe.Figures;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Consumer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** The certificate is of the name, and of no address. */
@ExtendWith(OutputCaptureExtension.class)
class TlsTest {

    private static final HeldCertificate ROOT =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final HeldCertificate NAME = new HeldCertificate.Builder()
            .addSubjectAlternativeName(Shop.HOST)
            .signedBy(ROOT)
            .build();
    private static final HandshakeCertificates SERVER =
            new HandshakeCertificates.Builder().heldCertificate(NAME).build();

    private final Shop shop = new Shop();
    private final Pod home = new Pod("home", Shop.HOME, 0, SERVER.sslContext());
    private final Pod remote = new Pod("remote", Shop.REMOTE, home.port(), SERVER.sslContext());
    private final String authority = Shop.HOST + ":" + home.port();

    @AfterEach
    void close() {
        shop.close();
        home.close();
        remote.close();
    }

    private void calling(Shop.Client kind, Consumer<RestClient> what) {
        shop.application(
                        kind.property(),
                        "spring.ssl.bundle.pem.shop.truststore.certificate=" + ROOT.certificatePem(),
                        "spring.http.clients.ssl.bundle=shop")
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .run(context ->
                        what.accept(context.getBean(RestClient.Builder.class).build()));
    }

    private static String get(RestClient client, String url) {
        return String.valueOf(client.get().uri(url).retrieve().body(String.class));
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_COMPONENTS", "REACTOR"})
    void theCertificateIsCheckedAgainstTheName(Shop.Client kind) {
        calling(kind, client -> {
            assertThat(get(client, "https://" + authority + "/")).isEqualTo("home");
            home.fails(503);
            assertThat(get(client, "https://" + authority + "/")).isEqualTo("remote");
        });
        assertThat(remote.seen()).extracting(Pod.Seen::host).containsExactly(authority);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_COMPONENTS", "REACTOR"})
    void anotherNameIsRefused(Shop.Client kind) {
        shop.publish("stock");
        calling(
                kind,
                client -> assertThatThrownBy(() -> get(client, "https://stock.shop:" + home.port() + "/"))
                        .isInstanceOf(ResourceAccessException.class));
        assertThat(home.seen()).isEmpty();
    }

    /** Who would check the address. The system knows no orders.shop. */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "SIMPLE"})
    void theOthersKeepTheNameAndGoPastDiscovery(Shop.Client kind, CapturedOutput output) {
        calling(kind, client -> {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> get(client, "https://" + authority + "/"))
                        .isInstanceOf(ResourceAccessException.class)
                        .rootCause()
                        .isInstanceOfAny(UnknownHostException.class, UnresolvedAddressException.class);
            }
        });
        assertThat(output.getOut()).containsOnlyOnce("can't check a certificate for a name at an address");
        assertThat(output.getOut()).contains("WARN", "https://orders.shop: ");
        assertThat(shop.attempts("local")).isEqualTo(new Figures.Attempts(2, 0, 0, 0, 0, 2));
    }

    /** The name may be one of the system's for all that discovery can tell. */
    @Test
    void theOthersKeepTheNameOfAServiceWithoutEndpoints() {
        shop.dns.service("orders.shop.svc.cluster.local");
        shop.dns.service("orders.shop.svc.clusterset.local");
        calling(
                Shop.Client.JDK,
                client -> assertThatThrownBy(() -> get(client, "https://" + authority + "/"))
                        .rootCause()
                        .isInstanceOf(UnresolvedAddressException.class));
    }

    /** What {@code @LoadBalanced} makes of a request. */
    @ParameterizedTest
    @EnumSource(names = "HTTP_COMPONENTS")
    void aBalancedRequestKeepsItsName(Shop.Client kind) {
        calling(kind, client -> {
            shop.discovery.service(authority).snapshot(); // picked from
            String address = "https://" + Shop.HOME + ":" + home.port() + "/";
            assertThat(client.get()
                            .uri(address)
                            .header(HttpHeaders.HOST, authority)
                            .retrieve()
                            .body(String.class))
                    .isEqualTo("home");
            assertThatThrownBy(() -> get(client, address)).isInstanceOf(ResourceAccessException.class);
            assertThatThrownBy(() -> client.get()
                            .uri(address)
                            .header(HttpHeaders.HOST, "elsewhere.shop:" + home.port())
                            .retrieve()
                            .toBodilessEntity())
                    .isInstanceOf(ResourceAccessException.class);
        });
        assertThat(home.seen()).extracting(Pod.Seen::host).containsExactly(authority);
    }
}
