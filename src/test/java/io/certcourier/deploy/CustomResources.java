package io.certcourier.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

/**
 * Documents of operators whose models we do not carry. Their schemas here know the fields that our files use and no other: a
 * new field is looked up in the operator's reference and added there.
 */
final class CustomResources {

    private static final Path SCHEMAS = Path.of("src/test/resources/deploy");

    private static final Map<String, String> FILES = Map.of(
            "keda.sh/v1alpha1/ScaledObject", "keda-scaledobject",
            "postgresql.cnpg.io/v1/Cluster", "cnpg-cluster",
            "external-secrets.io/v1/ExternalSecret", "externalsecret",
            "secrets-store.csi.x-k8s.io/v1/SecretProviderClass", "secretproviderclass",
            "kafka.strimzi.io/v1/KafkaTopic", "strimzi-kafkatopic",
            "kafka.strimzi.io/v1/KafkaUser", "strimzi-kafkauser",
            "kustomize.config.k8s.io/v1beta1/Kustomization", "kustomization",
            "kustomize.config.k8s.io/v1alpha1/Component", "kustomization");

    private CustomResources() {
    }

    /** What is wrong with the document, with a JSON pointer each. */
    static List<String> problems(JsonNode document) throws IOException {
        var file = FILES.get(Manifests.kind(document));
        if (file == null) {
            throw new IOException("neither a model nor a schema for " + Manifests.kind(document));
        }
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMAS.resolve(file + ".schema.json")));
        return schema.validate(document).stream().map(Error::toString).toList();
    }
}
