package io.certcourier.certmanager;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.certcourier.certificate.IssuedCertificate;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;

/** An API server that keeps what it is given, and the steps in which cert-manager writes to it. */
public final class TestCluster implements AutoCloseable {

    public static final String NAMESPACE = "shop";

    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final Guarded kept = new Guarded();
    private final KubernetesClient client;
    private KubernetesMockServer server = serve(0);

    public TestCluster() {
        client = server.createClient();
    }

    private KubernetesMockServer serve(int port) {
        var started = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), kept, false);
        started.init(InetAddress.getLoopbackAddress(), port);
        return started;
    }

    /** Nothing listens, and every watch is cut, until {@link #restart}. */
    public void stop() {
        server.destroy();
    }

    /** At the same address, with all that was written. */
    public void restart() {
        server = serve(server.getPort());
    }

    /** Answers 403 where the test takes the rights away. */
    private final class Guarded extends KubernetesCrudDispatcher {

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            if (forbidden.stream().anyMatch(part -> request.getPath().contains(part))) {
                return new MockResponse().setResponseCode(403).setBody(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"code\":403}");
            }
            return super.dispatch(request);
        }
    }

    /** System properties that lead a client of the service here, and nowhere else. */
    public Map<String, String> address() {
        return Map.of("kubernetes.master", "http://127.0.0.1:" + server.getPort(), "kubernetes.auth.tryKubeConfig", "false",
                "kubernetes.auth.tryServiceAccount", "false");
    }

    /** @param path a part of it */
    public void forbid(String path) {
        forbidden.add(path);
    }

    public void permit(String path) {
        forbidden.remove(path);
    }

    public KubernetesClient client() {
        return client;
    }

    /** A Secret as cert-manager writes it. */
    public static Secret secret(String name, IssuedCertificate issued, Map<String, String> annotations, boolean labelled) {
        var all = new LinkedHashMap<>(annotations);
        all.put("cert-manager.io/certificate-name", name);
        return new SecretBuilder().withType("kubernetes.io/tls").withNewMetadata().withNamespace(NAMESPACE)
                .withName(name + "-tls").withAnnotations(all)
                .withLabels(labelled ? Map.of("certcourier.io/publish", "true") : Map.of()).endMetadata()
                .addToData("tls.crt", base64(issued.fullChainPem())).addToData("tls.key", base64(issued.keyPem()))
                .addToData("ca.crt", "").build();
    }

    /**
     * A Certificate that writes {@link #secret}.
     *
     * @param issued what its status tells; null before the first issuance
     */
    public static GenericKubernetesResource certificate(String name, IssuedCertificate issued, int revision, boolean issuing) {
        var status = new LinkedHashMap<String, Object>();
        status.put("conditions", issuing ? List.of(condition("Ready", issued != null), condition("Issuing", true))
                : List.of(condition("Ready", issued != null)));
        if (issued != null) {
            status.put("notAfter", issued.leaf().getNotAfter().toInstant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        if (revision > 0) {
            status.put("revision", revision);
        }
        return new GenericKubernetesResourceBuilder().withApiVersion("cert-manager.io/v1").withKind("Certificate")
                .withNewMetadata().withNamespace(NAMESPACE).withName(name).withCreationTimestamp("2026-11-20T08:00:00Z")
                .endMetadata().addToAdditionalProperties("spec", Map.of("secretName", name + "-tls"))
                .addToAdditionalProperties("status", status).build();
    }

    private static Map<String, Object> condition(String type, boolean met) {
        return Map.of("type", type, "status", met ? "True" : "False");
    }

    public void write(Secret secret) {
        client.resource(secret).createOr(existing -> existing.update());
    }

    public void write(GenericKubernetesResource certificate) {
        client.genericKubernetesResources(ManagedCertificate.KIND).resource(certificate)
                .createOr(existing -> existing.update());
    }

    /** The second in which a Certificate was written first, as the server has it. */
    public long created(String name) {
        var certificate = client.genericKubernetesResources(ManagedCertificate.KIND).inNamespace(NAMESPACE).withName(name)
                .get();
        return Instant.parse(certificate.getMetadata().getCreationTimestamp()).getEpochSecond();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
