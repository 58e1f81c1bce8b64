package io.clusterset.examples.cli.doctor;

import java.time.Instant;
import java.util.Optional;

/**
 * What the API server said when it was asked for the kinds of {@code multicluster.x-k8s.io/v1alpha1}: the version that
 * CoreDNS reads.
 *
 * @param url what was asked
 * @param skipped why it was not asked; empty if it was
 * @param trouble why there is no answer; empty if there is one
 * @param status of the answer
 * @param date its {@code Date}, whole seconds
 * @param at our own time when it came
 * @param body of the answer
 */
record ApiAnswer(
        String url, String skipped, String trouble, int status, Optional<Instant> date, Instant at, String body) {

    /** What can be told about the CRD. */
    enum Crd {
        SERVED,
        MISSING,
        UNKNOWN
    }

    static ApiAnswer skipped(String why) {
        return new ApiAnswer("", why, "", 0, Optional.empty(), Instant.EPOCH, "");
    }

    static ApiAnswer failed(String url, String trouble) {
        return new ApiAnswer(url, "", trouble, 0, Optional.empty(), Instant.EPOCH, "");
    }

    boolean answered() {
        return skipped.isEmpty() && trouble.isEmpty();
    }

    Crd crd() {
        if (answered() && (status == 404 || (status == 200 && !body.contains("\"serviceimports\"")))) {
            return Crd.MISSING;
        }
        return answered() && status == 200 ? Crd.SERVED : Crd.UNKNOWN;
    }

    /** Why not, or the status. */
    String said() {
        if (!skipped.isEmpty()) {
            return skipped;
        }
        return url + ": " + (trouble.isEmpty() ? "status " + status : trouble);
    }
}
