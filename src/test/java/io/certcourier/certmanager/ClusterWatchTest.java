package io.certcourier.certmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;
import io.certcourier.intake.Receipt;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;

/** Client, informers and queue as they are, beside an API server. */
class ClusterWatchTest {

    private static final IssuedCertificate ISSUED = TestCa.named("Test CA").issue("www.example.com");
    private static final CertManagerConfig CONFIG = WatchConfig.of("web", " shop");

    private final TestCluster cluster = new TestCluster();
    private final Troubles troubles = new Troubles();
    private final List<ResourceName> looks = new CopyOnWriteArrayList<>();
    private final List<String> handedOver = new CopyOnWriteArrayList<>();
    private volatile RuntimeException failing;
    private final SecretLook look = new SecretLook(cluster.client(), CONFIG.selector(), this::take, new WatchStatus(CONFIG),
            troubles);
    private final LookQueue queue = new LookQueue(this::look, Duration.ofMillis(300), Duration.ofMillis(300));
    private final ClusterWatch watch = new ClusterWatch(cluster.client(), CONFIG, queue, look, troubles,
            Duration.ofMillis(200));

    private Receipt take(byte[] event) {
        handedOver.add(new String(event));
        return new Receipt.Taken(UUID.randomUUID(), false, "READY");
    }

    private boolean look(ResourceName secret) {
        looks.add(secret);
        if (failing != null) {
            throw failing;
        }
        return look.at(secret);
    }

    private void start() {
        watch.start();
        Awaitility.await().until(watch::watching);
    }

    @AfterEach
    void stop() {
        watch.close();
        queue.close();
        cluster.close();
    }

    private static ResourceName name(Secret secret) {
        return ResourceName.of(secret);
    }

    private long looksAt(Secret secret) {
        return looks.stream().filter(name(secret)::equals).count();
    }

    @Test
    void a_copy_of_a_secret_does_not_take_the_changes_of_its_certificate() {
        var secret = TestCluster.secret("www", ISSUED, Map.of(), true);
        var copy = new SecretBuilder(secret).editMetadata().withName("copy").endMetadata().build();
        start();
        cluster.write(secret);
        cluster.write(copy);
        Awaitility.await().until(() -> looksAt(secret) == 1 && looksAt(copy) == 1);

        cluster.write(TestCluster.certificate("www", ISSUED, 1, false));

        Awaitility.await().untilAsserted(() -> assertThat(handedOver).hasSize(1));
        Awaitility.await().until(() -> looksAt(copy) == 2);
    }

    @Test
    void a_secret_whose_label_is_taken_away_is_not_looked_at_again() {
        var secret = TestCluster.secret("www", ISSUED, Map.of(), true);
        start();
        failing = new IllegalStateException("the first look");
        cluster.write(TestCluster.certificate("www", ISSUED, 1, false));
        cluster.write(secret);
        Awaitility.await().until(() -> looksAt(secret) == 1);

        cluster.write(TestCluster.secret("www", ISSUED, Map.of(), false));
        failing = null;

        Awaitility.await().during(Duration.ofMillis(600)).until(() -> looksAt(secret) == 1);
        assertThat(handedOver).isEmpty();
    }

    @Test
    void a_look_leaves_a_secret_without_the_label_alone() {
        var secret = TestCluster.secret("www", ISSUED, Map.of(), false);
        cluster.write(TestCluster.certificate("www", ISSUED, 1, false));
        cluster.write(secret);
        assertThat(look.at(name(secret))).isTrue();
        assertThat(handedOver).isEmpty();

        cluster.write(TestCluster.secret("www", ISSUED, Map.of(), true));

        assertThat(look.at(name(secret))).isTrue();
        assertThat(handedOver).singleElement().asString().contains("shop/www");
    }

    @Test
    void a_lost_api_server_is_told_long_before_the_next_resync_and_that_it_is_back() {
        start();

        cluster.stop();

        Awaitility.await().until(() -> !watch.watching());
        assertThat(troubles.told()).containsOnlyKeys("watching Secrets in namespace shop",
                "watching Certificates in namespace shop", "watching Secrets in namespace web",
                "watching Certificates in namespace web");
        cluster.restart();
        Awaitility.await().until(watch::watching);
        assertThat(troubles.told()).isEmpty();
    }
}
