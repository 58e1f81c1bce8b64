package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.model.Locality;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Where this process runs, as far as the API server tells: its pod, the pod's node, and the cluster's id. Asked once; a no is taken
 * for an answer and not talked about. Asked on the serial executor, read on any thread.
 */
final class OwnPlace {

    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String REGION = "topology.kubernetes.io/region";
    private static final String PROPERTY = "/clusterproperties/cluster.clusterset.k8s.io";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"); // it goes into a path
    private static final Turnstile.Place PLACE = new Turnstile.Place("own place", "");

    private final KubernetesAccess access;
    private final Executor background;
    private final boolean inPod;
    private volatile Optional<Locality> locality = Optional.empty();
    private volatile Optional<String> cluster = Optional.empty();
    private boolean asked;

    /**
     * Not asked yet.
     *
     * @param background where a file is read
     * @param inPod whether the API server is that of the cluster this process runs in
     */
    OwnPlace(KubernetesAccess access, Executor background, boolean inPod) {
        this.access = access;
        this.background = background;
        this.inPod = inPod;
    }

    Optional<Locality> locality() {
        return locality;
    }

    Optional<String> cluster() {
        return cluster;
    }

    /**
     * The first time.
     *
     * @param clusterKnown told when the cluster's id is known
     */
    void ask(ApiServer server, Turnstile turnstile, Executor serial, Runnable clusterKnown) {
        if (asked) {
            return;
        }
        asked = true;
        Inquiry inquiry = new Inquiry(server, turnstile, serial);
        if (inPod) {
            background.execute(() -> {
                Optional<String> path = pod();
                serial.execute(() -> path.ifPresent(known -> inquiry.get(known, found -> pod(found, inquiry))));
            });
        }
        Iterator<String> versions = List.of("v1beta1", "v1alpha1").iterator();
        cluster(versions, inquiry, clusterKnown);
    }

    private Optional<String> pod() {
        String name = access.variable("HOSTNAME");
        try {
            String namespace =
                    Login.file(access.account("namespace"), "namespace").strip();
            return NAME.matcher(name).matches() && NAME.matcher(namespace).matches()
                    ? Optional.of("/api/v1/namespaces/" + namespace + "/pods/" + name)
                    : Optional.empty();
        } catch (IOException noPod) {
            return Optional.empty();
        }
    }

    private void pod(Optional<byte[]> document, Inquiry inquiry) {
        if (document.isEmpty()) {
            return;
        }
        byte[] content = document.get();
        String node = Field.text(content, "spec", "nodeName").orElse("");
        learn(label(content, REGION), label(content, ZONE), node);
        Optional<Locality> known = locality;
        boolean complete = known.filter(
                        place -> !place.zone().isEmpty() && !place.region().isEmpty())
                .isPresent();
        if (NAME.matcher(node).matches() && !complete) {
            inquiry.get(
                    "/api/v1/nodes/" + node,
                    found -> found.ifPresent(labels -> learn(label(labels, REGION), label(labels, ZONE), node)));
        }
    }

    private void cluster(Iterator<String> versions, Inquiry inquiry, Runnable clusterKnown) {
        inquiry.get("/apis/about.k8s.io/" + versions.next() + PROPERTY, found -> {
            if (found.isPresent()) {
                cluster = Field.text(found.get(), "spec", "value").filter(id -> !id.isEmpty());
                clusterKnown.run();
            } else if (versions.hasNext()) {
                cluster(versions, inquiry, clusterKnown);
            }
        });
    }

    private void learn(String region, String zone, String node) {
        if (!region.isEmpty() || !zone.isEmpty() || !node.isEmpty()) {
            locality = Optional.of(new Locality(region, zone, node));
        }
    }

    private static String label(byte[] document, String name) {
        return Field.text(document, "metadata", "labels", name).orElse("");
    }

    /** Gets documents, in turn with all others. */
    private record Inquiry(ApiServer server, Turnstile turnstile, Executor serial) {

        void get(String path, Consumer<Optional<byte[]>> taker) {
            Turnstile.InLine unused = turnstile.enter(PLACE, new Turnstile.Visitor() {
                @Override
                public void enter(Turnstile.Pass pass) {
                    ApiServer.Running ignored =
                            server.get(path, answer -> serial.execute(() -> answered(path, answer, pass, taker)));
                }

                @Override
                public void barred(Answer.Refused why) {
                    // waits on: what is refused for long is an answer, below
                }
            });
        }

        private void answered(String path, Answer answer, Turnstile.Pass pass, Consumer<Optional<byte[]>> taker) {
            if (answer instanceof Answer.Document document) {
                pass.passed();
                taker.accept(Optional.of(document.content()));
            } else if (answer instanceof Answer.Refused refused && refused.isFinal()) {
                pass.passed(); // a no is an answer, and not one to ask about again
                taker.accept(Optional.empty());
            } else {
                pass.failed(answer);
                get(path, taker);
            }
        }
    }
}
