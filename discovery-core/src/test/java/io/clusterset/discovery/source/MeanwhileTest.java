package io.clusterset.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.source.EndpointSource.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MeanwhileTest {

    private static final Question QUESTION = new Question(
            "local",
            "orders.shop.svc.cluster.local",
            "cluster.local",
            Optional.empty(),
            List.of(),
            Optional.of(new Port.Number(8080)));

    private static final Resolution PODS = found("10.0.0.1:8081");
    private static final Resolution VIP = found("10.96.0.1:80");
    private static final Resolution NO_SUCH_NAME = new Resolution.NoSuchName(Duration.ZERO, Evidence.NONE);
    private static final Resolution EMPTY = new Resolution.Empty(Duration.ZERO, Evidence.NONE);

    private final Scripted api = new Scripted();
    private final Scripted dns = new Scripted();
    private final Meanwhile both = new Meanwhile(api, dns, Runnable::run);
    private final List<Resolution> told = new ArrayList<>();
    private final Watch watch = both.watch(QUESTION, told::add);

    private static Resolution found(String endpoint) {
        return new Resolution.Found(List.of(Endpoint.parse(endpoint)), Duration.ofSeconds(5), Evidence.NONE);
    }

    private static Resolution unknown(String why) {
        return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of(why));
    }

    @Test
    void whatTheSecondFindsServesUntilTheFirstHasSpoken() {
        dns.say(VIP);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).endpoints()).isEqualTo(VIP.endpoints());
        assertThat(told.get(0).evidence().detail()).isEqualTo("the API has not answered yet");
        assertThat(told).allMatch(Meanwhile::isInterim);

        api.say(PODS);
        assertThat(told).hasSize(2).last().isEqualTo(PODS).matches(answer -> !Meanwhile.isInterim(answer));
        assertThat(dns.watched()).isZero();
        dns.say(VIP);
        assertThat(told).hasSize(2);
    }

    @Test
    void thatTheSecondFindsNothingIsToldOnlyIfTheFirstCantTell() {
        dns.say(NO_SUCH_NAME);
        assertThat(told).isEmpty();

        api.say(unknown("403"));
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).isInstanceOf(Resolution.NoSuchName.class);
        assertThat(told.get(0).evidence().detail()).isEqualTo("403");
    }

    @Test
    void whyTheFirstCantTellIsToldOfWhatWasFound() {
        dns.say(VIP);
        api.say(unknown("403"));
        api.say(unknown("403"));
        assertThat(told).hasSize(2);
        assertThat(told.get(1).endpoints()).isEqualTo(VIP.endpoints());
        assertThat(told.get(1).evidence().detail()).isEqualTo("403");
    }

    @Test
    void theFirstMayFindNothingAndIsBelieved() {
        dns.say(VIP);
        api.say(EMPTY);
        assertThat(told).hasSize(2).last().isEqualTo(EMPTY);
    }

    @Test
    void theSecondIsAskedAgainWheneverTheFirstCantTell() {
        api.say(PODS);
        api.say(unknown("watch lost"));
        assertThat(told).as("that alone says nothing").containsExactly(PODS);
        assertThat(dns.watched()).isOne();

        dns.say(VIP);
        dns.say(EMPTY);
        api.say(unknown("still lost"));
        assertThat(told).hasSize(3);
        assertThat(told.get(1).endpoints()).isEqualTo(VIP.endpoints());
        assertThat(told.get(2).evidence().detail()).isEqualTo("empty, which was known better; watch lost");
        assertThat(dns.watched()).as("one watch all along").isOne();

        api.say(PODS);
        assertThat(told).hasSize(4).last().isEqualTo(PODS);
        assertThat(dns.watched()).isZero();
    }

    /** The zone of the cluster set may be in no nameserver: that it knows no such name is no news then. */
    @Test
    void thatTheSecondFindsNothingTakesNothingAwayFromWhatTheFirstHadFound() {
        api.say(PODS);
        api.say(unknown("watch lost"));
        dns.say(NO_SUCH_NAME);
        assertThat(told).hasSize(2).last().isInstanceOf(Resolution.Unknown.class);
        assertThat(told.get(1).evidence().detail()).isEqualTo("no such name, which was known better; watch lost");
        dns.say(EMPTY);
        assertThat(told).hasSize(3).last().isInstanceOf(Resolution.Unknown.class);

        api.say(EMPTY);
        api.say(unknown("watch lost"));
        dns.say(NO_SUCH_NAME);
        assertThat(told).last().as("the first had found nothing").isInstanceOf(Resolution.NoSuchName.class);
    }

    @Test
    void addressesThatTheFirstKnewKeepTheirPortsAndPlaces() {
        Endpoint first = Endpoint.parse("10.0.0.1:8081").withLocality(new Locality("", "a", "n"));
        Endpoint second = Endpoint.parse("10.0.0.2:8081").withCondition(Condition.NOT_READY);
        api.say(new Resolution.Found(List.of(first, second), Duration.ofSeconds(5), Evidence.NONE));
        api.say(unknown("watch lost"));
        dns.say(bare("10.0.0.1", "10.0.0.2", "10.0.0.3"));
        assertThat(told.get(1).endpoints())
                .containsExactly(first, second.withCondition(Condition.READY), Endpoint.parse("10.0.0.3:8081"));

        dns.say(bare("10.96.0.1"));
        assertThat(told.get(2).endpoints())
                .as("a virtual address")
                .containsExactly(bare("10.96.0.1").endpoints().get(0));
        dns.say(found("10.0.0.1:9090"));
        assertThat(told.get(3).endpoints()).as("SRV says ports").containsExactly(Endpoint.parse("10.0.0.1:9090"));
    }

    private static Resolution bare(String... addresses) {
        List<Endpoint> endpoints = Stream.of(addresses)
                .map(address -> Endpoint.of(Addresses.literal(address), 0))
                .toList();
        return new Resolution.Found(endpoints, Duration.ofSeconds(5), Evidence.NONE);
    }

    @Test
    void whatTheSecondSaidEarlierIsForgotten() {
        dns.say(NO_SUCH_NAME);
        api.say(PODS);
        api.say(unknown("watch lost"));
        assertThat(told).containsExactly(PODS);
    }

    @Test
    void bothReasonsAreTold() {
        api.say(unknown("403"));
        dns.say(unknown("no answer from 10.96.0.10"));
        assertThat(told.get(0).evidence().detail()).isEqualTo("no answer from 10.96.0.10; 403");
    }

    @Test
    void whoServesIsAskedSooner() {
        both.refresh(QUESTION, Effort.CONFIRM);
        assertThat(dns.refreshed).containsExactly(Effort.CONFIRM);
        assertThat(api.refreshed).isEmpty();

        api.say(PODS);
        both.refresh(QUESTION, Effort.NORMAL);
        assertThat(api.refreshed).containsExactly(Effort.NORMAL);
        assertThat(dns.refreshed).hasSize(1);
    }

    @Test
    void theSecondIsNotAskedForANumber() {
        assertThat(dns.questions)
                .containsExactly(new Question(
                        "local", "orders.shop.svc.cluster.local", "cluster.local", Optional.empty(), List.of()));
        assertThat(api.questions).containsExactly(QUESTION);
    }

    @Test
    void closingAWatchClosesBoth() {
        watch.close();
        watch.close();
        assertThat(api.watched() + dns.watched()).isZero();
        both.refresh(QUESTION, Effort.NORMAL);
        assertThat(dns.refreshed).isEmpty();
    }

    @Test
    void closingItClosesBoth() {
        both.close();
        assertThat(api.closed && dns.closed).isTrue();
    }

    @Test
    void theFirstThatKnowsWhereItRunsSaysIt() {
        assertThat(both.ownLocality()).isEmpty();
        dns.here = Optional.of(new Locality("", "b", ""));
        assertThat(both.ownLocality()).contains(new Locality("", "b", ""));
        api.here = Optional.of(new Locality("", "a", ""));
        assertThat(both.ownLocality()).contains(new Locality("", "a", ""));
    }

    /** Says what it is told to say. */
    private static final class Scripted implements EndpointSource {
        private final Map<Object, Listener> listeners = new LinkedHashMap<>();
        private final List<Question> questions = new ArrayList<>();
        private final List<Effort> refreshed = new ArrayList<>();
        private Optional<Locality> here = Optional.empty();
        private boolean closed;

        int watched() {
            return listeners.size();
        }

        void say(Resolution answer) {
            List.copyOf(listeners.values()).forEach(listener -> listener.resolved(answer));
        }

        @Override
        public Watch watch(Question question, Listener listener) {
            Object key = new Object();
            questions.add(question);
            listeners.put(key, listener);
            return () -> listeners.remove(key);
        }

        @Override
        public void refresh(Question question, Effort effort) {
            refreshed.add(effort);
        }

        @Override
        public Optional<Locality> ownLocality() {
            return here;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
