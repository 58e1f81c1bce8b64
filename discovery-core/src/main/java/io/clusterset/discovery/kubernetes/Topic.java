package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.source.Question;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The service a question is about.
 *
 * @param imported whether it is asked for in the cluster set, not in its own cluster
 */
record Topic(String service, String namespace, boolean imported) {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** What the name asks for; empty for a name that the API server does not know: of a pod, of another zone. */
    static Optional<Topic> of(Question question, String clusterDomain, String clustersetDomain) {
        String name = question.name();
        if (question.zone().isEmpty()) {
            return of(name, false);
        }
        boolean imported = question.zone().equals(clustersetDomain);
        String end = ".svc." + question.zone();
        if ((!imported && !question.zone().equals(clusterDomain)) || !name.endsWith(end)) {
            return Optional.empty();
        }
        return of(name.substring(0, name.length() - end.length()), imported);
    }

    private static Optional<Topic> of(String name, boolean imported) {
        String[] labels = name.split("\\.", -1);
        return labels.length == 2
                        && LABEL.matcher(labels[0]).matches()
                        && LABEL.matcher(labels[1]).matches()
                ? Optional.of(new Topic(labels[0], labels[1], imported))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return service + "." + namespace;
    }
}
