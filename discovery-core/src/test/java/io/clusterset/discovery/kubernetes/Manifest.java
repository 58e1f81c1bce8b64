package io.clusterset.discovery.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One document of a file for kubectl, as YAML has it. */
record Manifest(String apiVersion, String kind, Map<?, ?> content) {

    static final Path FOLDER = Path.of("../examples/kubernetes");

    private static final Map<String, Class<? extends KubernetesResource>> IN_TREE = Map.of(
            "v1 ServiceAccount", ServiceAccount.class,
            "apps/v1 Deployment", Deployment.class,
            "rbac.authorization.k8s.io/v1 Role", Role.class,
            "rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class,
            "rbac.authorization.k8s.io/v1 ClusterRole", ClusterRole.class,
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding", ClusterRoleBinding.class);

    private static final JsonMapper STRICT = strict();

    /** fabric8's models take any field, and a number for a text: this one does neither, as the API server. */
    private static JsonMapper strict() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    @Override
                    public Boolean hasAnySetter(Annotated anything) {
                        return false;
                    }
                })
                .build();
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }

    static List<Manifest> in(String file) throws IOException {
        return all(Files.readString(FOLDER.resolve(file)));
    }

    static List<Manifest> all(String yaml) {
        return Arrays.stream(yaml.split("(?m)^---$"))
                .map(document -> of(Serialization.unmarshal("---\n" + document, Object.class)))
                .toList();
    }

    static Manifest of(Object document) {
        if (document instanceof Map<?, ?> content) {
            return new Manifest(
                    String.valueOf(content.get("apiVersion")), String.valueOf(content.get("kind")), content);
        }
        throw new IllegalArgumentException("a document: " + document + " (expected: an object)");
    }

    /**
     * In fabric8's classes.
     *
     * @throws IllegalArgumentException if it has a field too many, or a value of another type
     */
    <T extends KubernetesResource> T as(Class<T> type) {
        return STRICT.convertValue(content, type);
    }

    /** What the API server would not take; empty if it takes it. */
    Optional<String> trouble() throws IOException {
        Class<? extends KubernetesResource> known = IN_TREE.get(apiVersion + " " + kind);
        if (known != null) {
            try {
                as(known);
                return Optional.empty();
            } catch (IllegalArgumentException refused) {
                return Optional.of(String.valueOf(refused.getMessage()));
            }
        }
        try (InputStream schema = Manifest.class.getResourceAsStream("schemas/" + kind + ".json")) {
            if (schema == null) {
                return Optional.of(apiVersion + " " + kind + ": no schema of it");
            }
            String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
            return new Schema(Serialization.unmarshal(text, Map.class)).trouble(kind, content);
        }
    }
}
