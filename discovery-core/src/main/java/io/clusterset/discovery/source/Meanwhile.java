package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * A source that pushes, and while it can't tell, another one: the Kubernetes API, DNS meanwhile. Both are asked at the start; what
 * the second finds serves until the first has spoken, but that it finds nothing is told only once the first can't tell either.
 * When the first can tell, the second is asked no more. Thread-safe; all state lives on the serial executor.
 */
public final class Meanwhile implements EndpointSource {

    /** What an answer's detail ends with as long as the first source has neither answered nor failed. */
    public static final String NOT_YET = "the API has not answered yet";

    private final EndpointSource first;
    private final EndpointSource second;
    private final Executor serial;
    private final Map<Question, List<Both>> watched = new HashMap<>();

    /**
     * Of two sources, which are closed with it.
     *
     * @param first says {@link Resolution.Unknown} whenever it can't tell, and soon
     * @param second is not told the number of a port: it is asked once for all of them
     */
    public Meanwhile(EndpointSource first, EndpointSource second, Executor serial) {
        this.first = first;
        this.second = second;
        this.serial = serial;
    }

    /** Whether an answer is the second source's, told because the first has not answered yet: another one is to follow. */
    public static boolean isInterim(Resolution answer) {
        return answer.evidence().detail().endsWith(NOT_YET);
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        Both both = new Both(question, listener);
        serial.execute(both::begin);
        return () -> serial.execute(both::end);
    }

    @Override
    public void refresh(Question question, Effort effort) {
        serial.execute(
                () -> List.copyOf(watched.getOrDefault(question, List.of())).forEach(both -> both.refresh(effort)));
    }

    @Override
    public Optional<Locality> ownLocality() {
        return first.ownLocality().or(second::ownLocality);
    }

    @Override
    public Set<String> serviceNames() {
        Set<String> names = new TreeSet<>(first.serviceNames());
        names.addAll(second.serviceNames());
        return names;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }

    /** One watch. Lives on the serial executor. */
    private final class Both {
        private final Question question;
        private final Question withoutNumber;
        private final Listener listener;
        private Optional<Watch> ofFirst = Optional.empty();
        private Optional<Watch> ofSecond = Optional.empty();
        private Optional<Resolution> meanwhile = Optional.empty(); // what the second said, while the first can't tell
        private Optional<Evidence> silence =
                Optional.empty(); // why the first can't tell; empty too while it has not spoken
        private Optional<Resolution.Found> known = Optional.empty(); // what the first said last, if it found something
        private boolean spoken; // the first has
        private boolean over;

        Both(Question question, Listener listener) {
            this.question = question;
            this.listener = listener;
            this.withoutNumber = new Question(
                    question.tier(), question.name(), question.zone(), question.port(), question.nameservers());
        }

        void begin() {
            if (over) {
                return;
            }
            watched.computeIfAbsent(question, none -> new ArrayList<>()).add(this);
            ofFirst = Optional.of(first.watch(question, answer -> serial.execute(() -> firstSaid(answer))));
            askSecond();
        }

        private void askSecond() {
            if (!over && ofSecond.isEmpty() && !firstTells()) {
                ofSecond = Optional.of(second.watch(withoutNumber, answer -> serial.execute(() -> secondSaid(answer))));
            }
        }

        private boolean firstTells() {
            return spoken && silence.isEmpty();
        }

        private void firstSaid(Resolution answer) {
            if (over) {
                return;
            }
            spoken = true;
            if (answer instanceof Resolution.Unknown) {
                boolean news = silence.isEmpty();
                silence = Optional.of(answer.evidence());
                askSecond();
                if (news) {
                    meanwhile.ifPresent(this::tell); // held back till now, or told without this reason
                }
            } else {
                silence = Optional.empty();
                known = answer instanceof Resolution.Found found ? Optional.of(found) : Optional.empty();
                endSecond();
                listener.resolved(answer);
            }
        }

        private void secondSaid(Resolution answer) {
            if (over || firstTells()) {
                return;
            }
            meanwhile =
                    Optional.of(known.map(found -> inTheLightOf(found, answer)).orElse(answer));
            if (spoken || answer instanceof Resolution.Found) {
                meanwhile.ifPresent(this::tell);
            }
        }

        private void tell(Resolution answer) {
            listener.resolved(noted(answer, silence.map(Meanwhile::said).orElse(NOT_YET)));
        }

        void refresh(Effort effort) {
            if (firstTells()) {
                first.refresh(question, effort);
            } else {
                second.refresh(withoutNumber, effort);
            }
        }

        private void endSecond() {
            ofSecond.ifPresent(Watch::close);
            ofSecond = Optional.empty();
            meanwhile = Optional.empty();
        }

        void end() {
            over = true;
            ofFirst.ifPresent(Watch::close);
            endSecond();
            watched.computeIfPresent(question, (same, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /**
     * What the second says, where the first has found something and can't tell any more. Nothing found takes nothing away: the second
     * may know less (a zone that no nameserver serves). Addresses that the first knew keep their ports and places; others have the
     * port of those, if they all have the same.
     */
    private static Resolution inTheLightOf(Resolution.Found known, Resolution answer) {
        if (answer instanceof Resolution.Found found) {
            return sharper(known.endpoints(), found);
        } else if (answer instanceof Resolution.Unknown) {
            return answer;
        }
        String said =
                answer.word().replace('-', ' ') + (answer.evidence().detail().isEmpty() ? "" : ", ");
        return new Resolution.Unknown(
                List.of(),
                answer.freshFor(),
                answer.evidence().withDetail(said + answer.evidence().detail() + ", which was known better"));
    }

    private static Resolution sharper(List<Endpoint> known, Resolution.Found found) {
        Map<InetAddress, Endpoint> byAddress = new HashMap<>();
        known.forEach(endpoint -> byAddress.putIfAbsent(endpoint.address(), endpoint));
        boolean same = found.endpoints().stream().anyMatch(endpoint -> byAddress.containsKey(endpoint.address()));
        if (!same) {
            return found; // a virtual address, as a rule, of which the Service's port is the right one
        }
        Set<Integer> ports = known.stream().map(Endpoint::port).collect(Collectors.toSet());
        int port = ports.size() == 1 ? ports.iterator().next() : 0;
        List<Endpoint> endpoints = found.endpoints().stream()
                .map(endpoint -> {
                    Endpoint before = byAddress.get(endpoint.address());
                    boolean silent = endpoint.port() == 0; // who says ports knows them
                    return before != null && (silent || before.port() == endpoint.port())
                            ? before.withCondition(Condition.READY)
                            : silent ? endpoint.withPort(port) : endpoint;
                })
                .toList();
        return new Resolution.Found(endpoints, found.complete(), found.freshFor(), found.evidence());
    }

    private static String said(Evidence why) {
        return why.detail().isEmpty() ? why.rcode() : why.detail();
    }

    private static Resolution noted(Resolution answer, String said) {
        Evidence evidence = answer.evidence();
        return answer.withEvidence(
                evidence.withDetail(evidence.detail().isEmpty() ? said : evidence.detail() + "; " + said));
    }
}
