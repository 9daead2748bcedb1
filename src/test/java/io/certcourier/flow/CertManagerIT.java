package io.certcourier.flow;

import static io.certcourier.certmanager.TestCluster.certificate;
import static io.certcourier.certmanager.TestCluster.secret;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;
import io.certcourier.certmanager.TestCluster;
import io.fabric8.kubernetes.api.model.SecretBuilder;

/**
 * The packaged service beside an API server: what cert-manager puts into labelled Secrets is delivered once, whatever is away.
 */
class CertManagerIT {

    private static final Path FOLDER = Path.of("target", "flow-cert-manager");
    private static final Map<String, String> TO_CDN = Map.of("certcourier.io/targets", "CDN");
    private static final List<IssuedCertificate> ISSUED = new ArrayList<>();

    private static Platform platform;
    private static Flow flow;
    private static TestCluster cluster;
    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        cluster = new TestCluster();
        cluster.forbid("/namespaces/locked/secrets");
        startService();
    }

    private static void startService() {
        var configuration = new LinkedHashMap<>(platform.configuration());
        configuration.putAll(cluster.address());
        // no key is in clear on any wire of ours, so nothing has to be allowed
        configuration.put("certcourier.intake.allow-plaintext-keys", "false");
        configuration.put("certcourier.intake.routes[0].match", "shop/routed-*");
        configuration.put("certcourier.intake.routes[0].targets", "WAF@cn-north-4");
        configuration.put("certcourier.cert-manager.enabled", "true");
        configuration.put("certcourier.cert-manager.namespaces", "shop,locked");
        service = ServiceProcess.start(FOLDER.resolve("service.log"), configuration).awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
        cluster.close();
        flow.close();
        platform.close();
    }

    @AfterEach
    void no_key_is_in_the_log() {
        String log = service.log();
        assertThat(ISSUED).isNotEmpty().allSatisfy(issued -> {
            assertThat(log).doesNotContain(issued.keyPem().lines().toList().get(1));
            assertThat(log).doesNotContain(Base64.getEncoder().encodeToString(issued.keyPem().getBytes()).substring(60, 100));
        });
    }

    private static IssuedCertificate issue(String name) {
        ISSUED.add(Flow.CA.issue(name + ".example.com"));
        return ISSUED.get(ISSUED.size() - 1);
    }

    private static String fresh(String story) {
        return story + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** The renewals of a Certificate, oldest first. */
    private static List<Map<String, Object>> renewals(String name) {
        return flow.query("SELECT * FROM renewal WHERE certificate_name = ? ORDER BY accepted_at", "shop/" + name);
    }

    private static UUID renewal(String name, int number) {
        Awaitility.await("renewal " + number + " of " + name).atMost(Flow.PATIENCE)
                .until(() -> renewals(name).size() >= number);
        return (UUID) renewals(name).get(number - 1).get("id");
    }

    private static double metric(String name) {
        return service.managementBody("/q/metrics").lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElse(-1);
    }

    private static double looks(String outcome) {
        return metric("certcourier_certmanager_looks_total{outcome=\"" + outcome + "\"}");
    }

    private static TopicLog.Message deliver(String name, IssuedCertificate issued, int revision) {
        cluster.write(certificate(name, issued, revision, false));
        cluster.write(secret(name, issued, TO_CDN, true));
        return flow.topics().await(renewal(name, revision));
    }

    @Test
    void a_labelled_secret_is_delivered_where_it_says_and_an_unlabelled_one_is_not() {
        String name = fresh("labelled");
        String unlabelled = fresh("unlabelled");
        cluster.write(certificate(unlabelled, issue(unlabelled), 1, false));
        cluster.write(secret(unlabelled, ISSUED.get(ISSUED.size() - 1), TO_CDN, false));

        var outcome = deliver(name, issue(name), 1);

        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.json().at("/origin/channel").asText()).isEqualTo("kubernetes");
        assertThat(outcome.json().path("targets")).singleElement()
                .satisfies(target -> assertThat(target.path("service").asText()).isEqualTo("CDN"));
        assertThat(renewals(name)).singleElement()
                .satisfies(row -> assertThat(row).containsEntry("sequence", cluster.created(name) * 1_000_000 + 1));
        assertThat(renewals(unlabelled)).isEmpty();
    }

    @Test
    void a_secret_that_names_no_target_goes_by_the_routes() {
        String name = fresh("routed");
        cluster.write(certificate(name, issue(name), 1, false));
        cluster.write(secret(name, ISSUED.get(ISSUED.size() - 1), Map.of(), true));

        assertThat(flow.topics().await(renewal(name, 1)).json().at("/targets/0/service").asText()).isEqualTo("WAF");
    }

    @Test
    void a_temporary_certificate_waits_for_the_real_one_and_a_renewal_for_its_revision() {
        String name = fresh("temporary");
        double temporary = looks("temporary");
        cluster.write(certificate(name, null, 0, true));
        cluster.write(secret(name, TestCa.named("cert-manager.local").issue(name + ".example.com"), TO_CDN, true));
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> looks("temporary") > temporary);

        // the Secret first, as cert-manager does it
        var first = issue(name);
        cluster.write(secret(name, first, TO_CDN, true));
        cluster.write(certificate(name, first, 1, false));
        assertThat(flow.topics().await(renewal(name, 1)).outcome()).isEqualTo("SUCCEEDED");

        double waiting = looks("waiting");
        cluster.write(certificate(name, first, 1, true));
        var second = issue(name);
        cluster.write(secret(name, second, TO_CDN, true));
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> looks("waiting") > waiting);
        assertThat(renewals(name)).hasSize(1);
        cluster.write(certificate(name, second, 2, false));

        assertThat(flow.topics().await(renewal(name, 2)).outcome()).isEqualTo("SUCCEEDED");
        assertThat(renewals(name)).extracting(row -> row.get("sequence")).containsExactly(
                cluster.created(name) * 1_000_000 + 1, cluster.created(name) * 1_000_000 + 2);
    }

    @Test
    void a_new_start_looks_at_all_of_them_and_delivers_nothing_twice() {
        String name = fresh("restart");
        var outcome = deliver(name, issue(name), 1);
        int rows = flow.query("SELECT 1 FROM renewal").size();

        service.terminate();
        startService();

        Awaitility.await().atMost(Flow.PATIENCE).until(() -> looks("known") >= 1);
        String later = fresh("later");
        deliver(later, issue(later), 1);
        assertThat(flow.query("SELECT 1 FROM renewal")).hasSize(rows + 1);
        assertThat(flow.topics().of(renewal(name, 1))).hasSize(1);
        assertThat(flow.ledger().created(outcome.json().path("scm").path("name").asText())).hasSize(1);
    }

    @Test
    void while_the_database_is_away_nothing_is_lost() {
        String name = fresh("database");
        double failed = looks("failed");
        platform.postgres().kill();
        cluster.write(certificate(name, issue(name), 1, false));
        cluster.write(secret(name, ISSUED.get(ISSUED.size() - 1), TO_CDN, true));
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> looks("failed") > failed);

        platform.postgres().restart();

        assertThat(flow.topics().await(renewal(name, 1)).outcome()).isEqualTo("SUCCEEDED");
        assertThat(service.log()).contains("the database does not take certificates");
    }

    @Test
    void an_api_server_that_is_lost_is_told_long_before_the_next_resync_and_missed_changes_are_found() {
        String name = fresh("lost");
        deliver(name, issue(name), 1);

        cluster.stop();

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> service.log().lines()
                .anyMatch(line -> line.contains("\"WARN\"") && line.contains("watching Secrets in namespace shop ")
                        && (line.contains("check that the pods can reach the API server")
                                || line.contains("the API server cannot be reached"))));
        assertThat(metric("certcourier_certmanager_watching")).isZero();
        assertThat(service.status("/q/health/ready")).isEqualTo(200);
        cluster.restart();
        assertThat(deliver(name, issue(name), 2).outcome()).isEqualTo("SUCCEEDED");
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> service.log().contains("watching Secrets in namespace shop works again"));
    }

    @Test
    void what_intake_refuses_is_told_once_and_delivered_when_it_is_corrected() {
        String name = fresh("refused");
        cluster.write(certificate(name, issue(name), 1, false));
        var wrong = secret(name, ISSUED.get(ISSUED.size() - 1), Map.of("certcourier.io/targets", "ELB@cn-east-3"), true);
        cluster.write(wrong);

        var refused = flow.topics().await(renewal(name, 1));
        assertThat(refused.outcome()).isEqualTo("REJECTED");
        assertThat(refused.reasonCode()).isEqualTo("TARGET_NOT_ALLOWED");
        double looks = looks("refused");
        // another change of the Secret: it is refused as before, and nobody is told again
        cluster.write(new SecretBuilder(wrong).editMetadata().addToAnnotations("touched", "true").endMetadata().build());
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> looks("refused") > looks);
        assertThat(flow.topics().of(renewal(name, 1))).hasSize(1);

        cluster.write(new SecretBuilder(wrong).editMetadata().addToAnnotations(TO_CDN).endMetadata().build());

        assertThat(flow.topics().await(renewal(name, 2)).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_right_that_is_missing_is_a_warning_with_its_remedy_and_no_end() {
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> service.log()
                .contains(
                        "watching Secrets in namespace locked is forbidden: apply deploy/kubernetes/components/cert-manager"));
        assertThat(service.status("/q/health/ready")).isEqualTo(200);
        assertThat(metric("certcourier_certmanager_watching")).isZero();
        assertThat(service.managementBody("/q/health/group/dependencies")).contains("\"cert-manager\"")
                .containsPattern("(?s)\"cert-manager\",\\s*\"status\": \"DOWN\"");

        cluster.permit("/namespaces/locked/secrets");

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> metric("certcourier_certmanager_watching") == 1);
        assertThat(service.log()).contains("watching Secrets in namespace locked works again");
    }
}
