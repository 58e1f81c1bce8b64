package io.clusterset.discovery.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the API server says of a group. Not part of {@link Kind}, which is needed where Jackson is missing, if only to say so. */
final class ApiGroup {

    /** As Kubernetes has it: v2, v1, v1beta1, v1alpha1; others last. */
    private static final Comparator<String> BEST_FIRST =
            Comparator.<String>comparingLong(ApiGroup::maturity).reversed();

    private static final Pattern VERSION = Pattern.compile("v([0-9]{1,3})(?:(alpha|beta)([0-9]{1,3}))?");

    private ApiGroup() {}

    /**
     * The versions of a group that are served, best first, such as {@code v1beta1, v1alpha1}.
     *
     * @param apiGroupDocument what {@code /apis/GROUP} says
     * @throws IOException if it is something else
     */
    static List<String> servedVersions(byte[] apiGroupDocument) throws IOException {
        List<String> versions = new ArrayList<>();
        try (Cursor in = new Cursor(apiGroupDocument, new Words())) {
            if (in.beginsObject()) {
                while (in.hasField()) {
                    if (in.name().equals("versions")) {
                        versions(in, versions);
                    } else {
                        in.skip();
                    }
                }
            }
            if (!in.trouble().isEmpty()) {
                throw new IOException("API group: " + in.trouble());
            }
            in.end("API group");
        } catch (JsonProcessingException broken) {
            throw Cursor.broken("API group", broken);
        }
        versions.sort(BEST_FIRST);
        return List.copyOf(versions);
    }

    private static void versions(Cursor in, List<String> versions) throws IOException {
        if (!in.beginsList()) {
            return;
        }
        while (in.hasElement()) {
            if (in.beginsObject()) {
                while (in.hasField()) {
                    if (in.name().equals("version")) {
                        String version = in.word();
                        if (version.matches("[a-z0-9]{1,63}")) { // it goes into a path
                            versions.add(version);
                        }
                    } else {
                        in.skip();
                    }
                }
            }
        }
    }

    private static long maturity(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return -1;
        }
        String level = Optional.ofNullable(parts.group(2)).orElse("");
        long stability = level.isEmpty() ? 2 : level.equals("beta") ? 1 : 0;
        long minor = level.isEmpty() ? 0 : Long.parseLong(parts.group(3));
        return (stability * 1_000 + Long.parseLong(parts.group(1))) * 1_000 + minor;
    }
}
