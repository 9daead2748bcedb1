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
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;

/** Kubernetes documents, read into the typed models of their API version. */
final class Manifests {

    static final Path BASE = Path.of("deploy/kubernetes/base");

    private static final Map<String, Class<? extends HasMetadata>> MODELS = Map.ofEntries(
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("batch/v1/Job", Job.class),
            Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
            Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("rbac.authorization.k8s.io/v1/ClusterRole", ClusterRole.class),
            Map.entry("rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class));

    private Manifests() {
    }

    static <T extends HasMetadata> T read(String file, Class<T> type) throws IOException {
        return type.cast(typed(Yaml.document(BASE.resolve(file))));
    }

    /** Whether there is a typed model of the document's kind; for the others there is {@link CustomResources}. */
    static boolean isTyped(JsonNode document) {
        return MODELS.containsKey(kind(document));
    }

    static String kind(JsonNode document) {
        return document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    }

    /** @throws IOException if the kind is unknown here, or a known field holds a value of the wrong type */
    static HasMetadata typed(JsonNode document) throws IOException {
        var model = MODELS.get(kind(document));
        if (model == null) {
            throw new IOException("no model for " + kind(document));
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
        } else if (value != null && value.getClass().getName().matches("io\\.fabric8\\.\\w+\\.api\\.model\\..+")) {
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
