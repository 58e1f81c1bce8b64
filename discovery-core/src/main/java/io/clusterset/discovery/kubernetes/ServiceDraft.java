package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Traffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A Service or a ServiceImport being read: most of their {@code spec} is the same. */
final class ServiceDraft {

    private static final int MOST_PORTS = 1_000;
    private static final int MOST_WORDS = 1_000;
    private static final int LONGEST_SENTENCE = 300;
    private static final String NO_ADDRESS = "None";

    private List<ServicePort> ports = List.of();
    private List<String> ips = List.of();
    private List<String> clusterIps = List.of();
    private List<String> clusters = List.of();
    private String type = "";
    private String clusterIp = "";
    private String externalName = "";
    private String internalTrafficPolicy = "";
    private String trafficDistribution = "";
    private String trouble = "";

    // of the condition being read
    private String condition = "";
    private String status = "";
    private String reason = "";
    private String message = "";

    /** Reads a Service. */
    static Draft<ServiceObject> ofService() {
        ServiceDraft draft = new ServiceDraft();
        return draft.read(draft::service);
    }

    /** Reads a ServiceImport. */
    static Draft<ServiceImport> ofImport() {
        ServiceDraft draft = new ServiceDraft();
        return draft.read(metadata -> draft.serviceImport());
    }

    private <T> Draft<T> read(Function<Metadata, T> result) {
        return new Draft<>() {
            @Override
            public void field(String name, Cursor in) throws IOException {
                ServiceDraft.this.field(name, in);
            }

            @Override
            public T done(Metadata metadata) {
                return result.apply(metadata);
            }
        };
    }

    private void field(String name, Cursor in) throws IOException {
        switch (name) {
            case "spec" -> spec(in);
            case "status" -> status(in);
            default -> in.skip();
        }
    }

    private void spec(Cursor in) throws IOException {
        if (!in.beginsObject()) {
            return;
        }
        while (in.hasField()) {
            switch (in.name()) {
                case "ports" -> ports = PortDraft.ports(in, MOST_PORTS, ServicePort::new);
                case "type" -> type = in.word();
                case "ips" -> ips = words(in);
                case "clusterIPs" -> clusterIps = words(in);
                case "clusterIP" -> clusterIp = in.word();
                case "externalName" -> externalName = in.word();
                case "internalTrafficPolicy" -> internalTrafficPolicy = in.word();
                case "trafficDistribution" -> trafficDistribution = in.word();
                default -> in.skip();
            }
        }
    }

    private static List<String> words(Cursor in) throws IOException {
        List<String> words = new ArrayList<>();
        if (in.beginsList()) {
            while (in.hasElement()) {
                String word = in.word();
                if (words.size() < MOST_WORDS) {
                    words.add(word);
                }
            }
        }
        return words;
    }

    private void status(Cursor in) throws IOException {
        if (!in.beginsObject()) {
            return;
        }
        while (in.hasField()) {
            switch (in.name()) {
                case "clusters" -> clusters = clusters(in);
                case "conditions" -> conditions(in);
                default -> in.skip();
            }
        }
    }

    private static List<String> clusters(Cursor in) throws IOException {
        List<String> clusters = new ArrayList<>();
        if (in.beginsList()) {
            while (in.hasElement()) {
                if (in.beginsObject()) {
                    while (in.hasField()) {
                        if (in.name().equals("cluster") && clusters.size() < MOST_WORDS) {
                            clusters.add(in.word());
                        } else {
                            in.skip();
                        }
                    }
                }
            }
        }
        return clusters;
    }

    private void conditions(Cursor in) throws IOException {
        trouble = "";
        if (!in.beginsList()) {
            return;
        }
        while (in.hasElement()) {
            if (in.beginsObject()) {
                condition(in);
            }
        }
    }

    private void condition(Cursor in) throws IOException {
        condition = "";
        status = "";
        reason = "";
        message = "";
        while (in.hasField()) {
            switch (in.name()) {
                case "type" -> condition = in.word();
                case "status" -> status = in.word();
                case "reason" -> reason = in.sentence(LONGEST_SENTENCE);
                case "message" -> message = in.sentence(LONGEST_SENTENCE);
                default -> in.skip();
            }
        }
        if (condition.equals("Ready") && status.equals("False")) {
            trouble = message.isEmpty() ? reason : reason + ": " + message;
        }
    }

    private ServiceObject service(Metadata metadata) {
        List<String> all = clusterIps.isEmpty() ? List.of(clusterIp) : clusterIps;
        boolean headless = all.contains(NO_ADDRESS);
        return new ServiceObject(
                headless ? List.of() : all.stream().filter(ip -> !ip.isEmpty()).toList(),
                headless,
                type.equals("ExternalName") ? externalName : "",
                ports,
                Traffic.of(internalTrafficPolicy, trafficDistribution),
                metadata.spansClusters());
    }

    private ServiceImport serviceImport() {
        return new ServiceImport(
                type.equals("Headless"),
                ips,
                ports,
                Traffic.of(internalTrafficPolicy, trafficDistribution),
                clusters,
                trouble);
    }
}
