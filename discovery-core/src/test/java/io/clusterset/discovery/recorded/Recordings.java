package io.clusterset.discovery.recorded;

import io.clusterset.discovery.recorded.Recording.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Reads the recordings from the test resources. */
final class Recordings {

    static final List<String> GROUPS = List.of(
            "api-server-down",
            "cache-ageing",
            "case",
            "cluster-b",
            "clusterip",
            "default-corefile",
            "dualstack",
            "externalname",
            "headless",
            "kubeadm-corefile",
            "multicluster-external",
            "multicluster-intree",
            "negative",
            "no-crd",
            "no-rights",
            "options",
            "order",
            "pods",
            "protocol",
            "reverse",
            "truncation",
            "unsynced");

    private static final Map<String, Recording> ALL = new LinkedHashMap<>();

    static {
        for (String group : GROUPS) {
            for (String block : text(group + ".txt").split("\n\n")) {
                Recording read = read(group, block.lines().toList());
                ALL.put(read.id(), read);
            }
        }
    }

    private Recordings() {}

    static List<Recording> all() {
        return List.copyOf(ALL.values());
    }

    static Recording get(String id) {
        return Objects.requireNonNull(ALL.get(id), id);
    }

    static String text(String file) {
        try (InputStream stream = Recordings.class.getResourceAsStream("/recorded/coredns/" + file)) {
            return new String(Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Recording read(String group, List<String> lines) {
        String[] headAndNote = lines.get(0).split(" # ", 2);
        String[] head = headAndNote[0].split(" ");
        List<Entry> answers = new ArrayList<>();
        List<Entry> authorities = new ArrayList<>();
        List<Entry> additionals = new ArrayList<>();
        boolean ours = true;
        String wire = "";
        for (String line : lines.subList(1, lines.size())) {
            String[] word = line.strip().split(" ", 2);
            switch (word[0]) {
                case "an" -> answers.add(entry(word[1], head[2]));
                case "au" -> authorities.add(entry(word[1], head[2]));
                case "ad" -> additionals.add(entry(word[1], head[2]));
                case "opcode" -> ours = false;
                // a server that can't read a question says so without repeating it
                case "question" -> ours &= head[5].equals("FORMERR");
                case "wire" -> wire = word[1];
                default -> throw new IllegalStateException(group + ": " + line);
            }
        }
        return new Recording(
                group + "-" + head[0],
                head[1],
                head[2],
                head[3],
                head[4],
                head[5],
                Set.of(head[6].split(",")),
                ours,
                headAndNote.length == 2 ? headAndNote[1] : "",
                answers,
                authorities,
                additionals,
                wire);
    }

    private static Entry entry(String line, String asked) {
        String[] word = line.split(" ", 4);
        return new Entry(word[0].equals("@") ? asked : word[0], Long.parseLong(word[1]), word[2], word[3]);
    }
}
