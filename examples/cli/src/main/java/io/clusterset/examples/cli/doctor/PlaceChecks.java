package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.config.Setting;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where and when the process is. */
final class PlaceChecks {

    private static final Duration MOST_SKEW = Duration.ofSeconds(30);
    private static final int EARLIEST_YEAR = 2025;
    private static final int LATEST_YEAR = 2100;

    private static final String LABELS = """
                volumes:
                - name: podinfo
                  downwardAPI:
                    items:
                    - path: labels
                      fieldRef: {fieldPath: metadata.labels}
                volumeMounts:
                - {name: podinfo, mountPath: /etc/podinfo}
            """;

    private PlaceChecks() {}

    static List<Finding> of(Observations seen) {
        List<Finding> findings = new ArrayList<>();
        findings.add(ownZone(seen.library()));
        findings.add(clock(seen.now(), seen.api()));
        return findings;
    }

    private static Finding ownZone(Library library) {
        String known = Stream.of(
                        Setting.TOPOLOGY_REGION, Setting.TOPOLOGY_ZONE, Setting.TOPOLOGY_NODE, Setting.TOPOLOGY_CLUSTER)
                .filter(setting -> !library.value(setting).isEmpty())
                .map(setting ->
                        setting.property().substring("discovery.topology.".length()) + " " + library.shown(setting))
                .collect(Collectors.joining(", "));
        if (!library.value(Setting.TOPOLOGY_ZONE).isEmpty()) {
            return Finding.ok("own-zone", known);
        }
        return Finding.note(
                "own-zone",
                "zone unknown" + (known.isEmpty() ? "" : "; " + known),
                "Endpoints in the own zone are not preferred; nothing else changes.",
                "Give the pod its labels as a file, which hold the zone from Kubernetes 1.35 on:\n" + LABELS
                        + "or say it: CLUSTERSET_TOPOLOGY_ZONE=eu-1.");
    }

    private static Finding clock(Instant now, ApiAnswer api) {
        int year = now.atOffset(ZoneOffset.UTC).getYear();
        if (year < EARLIEST_YEAR || year > LATEST_YEAR) {
            return skewed("this machine's clock says " + now);
        }
        if (!api.answered() || api.date().isEmpty()) {
            return Finding.skipped(
                    "clock",
                    "the year is sane (" + year + "); not compared with the API server: "
                            + (api.answered() ? "no Date in its answer" : api.said()));
        }
        Duration skew = Duration.between(api.date().get(), api.at());
        String shown = api.url() + ": Date " + api.date().get() + ", this machine "
                + api.at().truncatedTo(ChronoUnit.SECONDS) + ": " + Math.abs(skew.toSeconds())
                + " s "
                + (skew.isNegative() ? "behind" : "ahead");
        return skew.abs().compareTo(MOST_SKEW) > 0 ? skewed(shown) : Finding.ok("clock", shown);
    }

    private static Finding skewed(String shown) {
        return Finding.problem(
                "clock",
                shown,
                "Certificates and tokens look expired or not yet valid: TLS to endpoints, https probes and the API server"
                        + " fail. Time within the library does not depend on it.",
                "Repair time synchronization (chrony, systemd-timesyncd) on the machine this pod runs on; a container"
                        + " has its clock.");
    }
}
