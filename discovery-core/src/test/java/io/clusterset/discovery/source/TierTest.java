package io.clusterset.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TierTest {

    private static final ServiceName ORDERS = ServiceName.of("orders", "shop");

    /** The one-line form, the form it is shown in, the question for orders.shop:http. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local={service}.{namespace}.svc.{domain}@cluster.local | = | _http._tcp.orders.shop.svc.cluster.local",
                "set={service}.{namespace}.svc.clusterset.local@clusterset.local | = | _http._tcp.orders.shop.svc.clusterset.local",
                "karmada=derived-{service}.{namespace}.svc.{clusterDomain}@cluster.local | = | _http._tcp.derived-orders.shop.svc.cluster.local",
                "dr=payments-dr.example.com@example.com:443 | = | payments-dr.example.com",
                "dr=Payments-DR.Example.com.@Example.com. | dr=Payments-DR.Example.com@example.com | _http._tcp.payments-dr.example.com",
                "lb=lb.example@lb.example | = | _http._tcp.lb.example",
                "node={service}--{namespace}.nodes.b.example@nodes.b.example:30080 | = | orders--shop.nodes.b.example",
                "b={service}.{namespace}.svc.{domain}@b.local:8080,dns=10.9.0.10,dns=10.9.0.11:5353 "
                        + "| b={service}.{namespace}.svc.{domain}@b.local:8080,dns=10.9.0.10:53,dns=10.9.0.11:5353 "
                        + "| orders.shop.svc.b.local",
                "b={service}.{domain}@b.local,dns=fd00::10,dns=[fd00::11],dns=[fd00::12]:5353 "
                        + "| b={service}.{domain}@b.local,dns=[fd00::10]:53,dns=[fd00::11]:53,dns=[fd00::12]:5353 "
                        + "| _http._tcp.orders.b.local",
                "env=environment | = | _http._tcp.orders.shop"
            })
    void theOneLineFormSaysAllThereIs(String text, String shown, String question) {
        Tier tier = Tier.parse(text);
        assertThat(tier).hasToString(shown.equals("=") ? text : shown);
        assertThat(Tier.parse(tier.toString())).isEqualTo(tier);
        assertThat(tier.question(ORDERS.withPort(Port.named("http")))
                        .orElseThrow()
                        .text())
                .isEqualTo(question);
    }

    /** The text, whether the API may answer for it, and for orders.shop:8080 the number it is asked for. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local={service}.{namespace}.svc.{domain}@cluster.local | true | 8080",
                "local={service}.{namespace}.svc.{domain}@cluster.local:80 | true | 80",
                "karmada=derived-{service}.{namespace}.svc.{domain}@cluster.local | true | 8080",
                "b={service}.{namespace}.svc.{domain}@b.local,dns=10.9.0.10 | false | ",
                "lb=lb.example@lb.example | false | ",
                "env=environment | false | 8080"
            })
    void theApiAnswersForNamesOfServicesAndIsToldTheNumberOfThePort(String text, boolean watched, Integer number) {
        Tier tier = Tier.parse(text).watched();
        assertThat(tier.answeredBy() == Tier.AnsweredBy.KUBERNETES).isEqualTo(watched);
        assertThat(tier).hasToString(Tier.parse(text).toString());
        assertThat(tier.isNamed()).isEqualTo(!text.startsWith("env"));
        assertThat(tier.equals(Tier.parse(text))).isEqualTo(!watched);
        assertThat(tier.question(ORDERS.withPort(Port.of(8080)))
                        .orElseThrow()
                        .number()
                        .map(Port.Number::number))
                .isEqualTo(Optional.ofNullable(number));
        assertThat(tier.question(ORDERS.withPort(Port.named("http")))
                        .orElseThrow()
                        .text())
                .isEqualTo(Tier.parse(text)
                        .question(ORDERS.withPort(Port.named("http")))
                        .orElseThrow()
                        .text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "local | tier: 'local' (expected: name=template@domain[:port][,dns=IP[:PORT]]",
                "local=x | or name=environment)",
                "env=Environment | or name=environment)",
                "=x@cluster.local | expected: ",
                "Local={service}@cluster.local | tier: 'Local' (expected: a name of lower-case letters",
                "E_N_V=environment | tier: 'E_N_V' (expected: a name of lower-case letters",
                "local={service}.{namespace}.svc.other.zone@cluster.local | makes names outside its domain cluster.local",
                "local={service}.xcluster.local@cluster.local | makes names outside its domain",
                "local={svc}.{domain}@cluster.local | template '{svc}.{domain}' (expected: no placeholders but {service}",
                "local={service.{domain}@cluster.local | expected: no placeholders but",
                "local=-{service}.{domain}@cluster.local | tier local: template: '-s.cluster.local': label '-s'",
                "local={service}..{domain}@cluster.local | tier local: template: 's..cluster.local': empty label",
                "local={service}.{domain}@cluster.local:http | tier local: port 'http' (expected: a number",
                "local={service}.{domain}@cluster.local:0 | port: 0",
                "local={service}.{domain}@cluster.local,udp=1.2.3.4:53 | tier local: 'udp=1.2.3.4:53' (expected: dns=IP[:PORT], min-endpoints=",
                "local={service}.{domain}@cluster.local,dns=ns.example:53 | 'ns.example'",
                "local={service}.{domain}@cluster.local,dns= | ''",
                "local={service}.{domain}@cluster.local, | tier local: '' (expected: dns=IP[:PORT], min-endpoints=",
                "local={service}.{domain}@cluster.local,min-endpoints=many | tier local: min-endpoints=many (expected: a number",
                "local={service}.{domain}@cluster.local,min-endpoints=-1 | min-endpoints=-1 (expected: 0 to 10000)",
                "local={service}.{domain}@cluster.local,max-load=0 | tier local: max-load=0 (expected: 1 to 100 percent)",
                "local={service}.{domain}@cluster.local,max-load=101 | max-load=101 (expected: 1 to 100",
                "local={service}.{domain}@cluster..local | 'cluster..local': empty label"
            })
    void malformedTiersAreRefusedWithWhatWasExpected(String text, String said) {
        assertThatThrownBy(() -> Tier.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aTierSaysHowLargeItShouldBeAndHowMuchItCanCarry() {
        Tier tier = Tier.parse("cs={service}.{namespace}.svc.{domain}@clusterset.local,min-endpoints=3,max-load=50");
        assertThat(tier.minEndpoints()).isEqualTo(3);
        assertThat(tier.maxLoad()).hasValue(50);
        assertThat(Tier.parse(tier.toString())).isEqualTo(tier);
        assertThat(tier.withPort(80).maxLoad()).hasValue(50);
        assertThat(tier.place()).isEqualTo(Tier.of("cs", "clusterset.local"));
        assertThat(tier).isNotEqualTo(tier.withMaxLoad(51)).isNotEqualTo(tier.withMinEndpoints(0));
        assertThat(Tier.of("cs", "clusterset.local").maxLoad()).isEmpty();
    }

    @Test
    void aTierHasAPortAndNameserversOfItsOwn() {
        Tier dr = Tier.parse("dr=payments-dr.example.com@example.com:443,dns=10.9.0.10");
        assertThat(dr.port()).hasValue(443);
        assertThat(dr.question(ORDERS).orElseThrow().nameservers()).containsExactly(Addresses.parse("10.9.0.10:53"));
        assertThat(dr.question(ORDERS).orElseThrow().zone()).isEmpty(); // it may be an alias of anything
    }

    /** Whether SRV is asked: a tier with a port of its own has no use for a port's name. */
    @ParameterizedTest
    @CsvSource({
        "orders.shop.svc.cluster.local, '', ''",
        "orders.shop.svc.cluster.local, 80, ''",
        "_http._tcp.orders.shop.svc.cluster.local, http, ''",
        "orders.shop.svc.cluster.local, '', 8080",
        "orders.shop.svc.cluster.local, 80, 8080",
        "orders.shop.svc.cluster.local, http, 8080"
    })
    void aPortOfATiersOwnLeavesNothingToLookUp(String question, String wanted, String own) {
        Tier local = Tier.of("local", "cluster.local");
        Tier tier = own.isEmpty() ? local : local.withPort(Integer.parseInt(own));
        ServiceName name = wanted.isEmpty() ? ORDERS : ORDERS.withPort(Port.parse(wanted));
        assertThat(tier.question(name).orElseThrow().text()).isEqualTo(question);
        assertThat(tier.question(name).orElseThrow().number()).isEmpty();
    }
}
