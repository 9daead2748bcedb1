package io.certcourier.deploy;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;

/** The Kubernetes documents of deploy/kubernetes/base, read into the typed models of their API version. */
final class Manifests {

    static final Path BASE = Path.of("deploy/kubernetes/base");

    private static final Map<String, Class<? extends HasMetadata>> MODELS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class);

    private Manifests() {
    }

    static <T extends HasMetadata> T read(String file, Class<T> type) throws IOException {
        return type.cast(typed(Yaml.document(BASE.resolve(file))));
    }

    /** @throws IOException if the kind is unknown here, or a known field holds a value of the wrong type */
    static HasMetadata typed(JsonNode document) throws IOException {
        var kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
        var model = MODELS.get(kind);
        if (model == null) {
            throw new IOException("no model for " + kind);
        }
        return Yaml.MAPPER.treeToValue(document, model);
    }

    /** Paths of the fields that the API does not have, such as {@code Deployment.spec.replica}; the models keep those aside. */
    static List<String> unknownFields(HasMetadata resource) {
        var found = new ArrayList<String>();
        collect(resource, resource.getKind(), found);
        return found;
    }

    private static void collect(Object value, String path, List<String> found) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> collect(entry, path + "." + key, found));
        } else if (value instanceof List<?> list) {
            for (var i = 0; i < list.size(); i++) {
                collect(list.get(i), path + "[" + i + "]", found);
            }
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model.")) {
            collectFields(value, path, found);
        }
    }

    private static void collectFields(Object model, String path, List<String> found) {
        for (var field : model.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            field.setAccessible(true);
            try {
                var value = field.get(model);
                if (field.getName().equals("additionalProperties")) {
                    ((Map<?, ?>) value).keySet().forEach(name -> found.add(path + "." + name));
                } else {
                    collect(value, path + "." + field.getName(), found);
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(path, e);
            }
        }
    }
}
