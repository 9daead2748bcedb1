package io.certcourier.certmanager;

import java.time.Duration;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.certcourier.intake.FoundIntake;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/** The thread of the watch: client and informers live as long as it does. Switched off, there is neither. */
@ApplicationScoped
class CertManagerWatch {

    private static final Logger LOG = Logger.getLogger(CertManagerWatch.class);
    private static final String FINDER = "cert-manager";
    private static final Duration FIRST_REPETITION = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final long SECONDS_BETWEEN_STATUS = 2;

    private final CertManagerConfig config;
    private final FoundIntake intake;
    private final WatchStatus status;
    private final Troubles troubles = new Troubles();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private Thread thread;

    CertManagerWatch(CertManagerConfig config, FoundIntake intake, WatchStatus status) {
        this.config = config;
        this.intake = intake;
        this.status = status;
    }

    /** In a thread of its own: the client takes its time to load, and nothing else waits for it. */
    void start(@Observes StartupEvent event) {
        if (config.enabled()) {
            thread = new Thread(this::watch, "cert-manager-watch");
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        if (thread != null) {
            thread.join();
        }
    }

    private void watch() {
        try (var cluster = client()) {
            var look = new SecretLook(cluster, config.selector(), bytes -> intake.accept(FINDER, bytes), status, troubles);
            try (var queue = new LookQueue(look::at, FIRST_REPETITION, LONGEST_PAUSE);
                    var watch = new ClusterWatch(cluster, config, queue, look, troubles, Watched.PATIENCE)) {
                watch.start();
                followUntilStopped(watch);
            }
        } catch (RuntimeException | LinkageError | ServiceConfigurationError failure) { // the service does without it
            // no message: that of a kubeconfig that cannot be read quotes it
            LOG.errorf("Secrets of cert-manager are not watched until the next start: %s",
                    ClusterTrouble.namesAndPlace(failure));
        } finally {
            status.watching(false);
        }
    }

    /** Address and token as any client of Kubernetes finds them: the pod's service account, or KUBECONFIG. */
    private static KubernetesClient client() {
        // a failed request is repeated by the queue, which does not hold a thread meanwhile
        return new KubernetesClientBuilder().withConfig(new ConfigBuilder().withRequestRetryBackoffLimit(0).build()).build();
    }

    private void followUntilStopped(ClusterWatch watch) {
        try {
            do {
                boolean now = watch.watching();
                if (now != status.watching()) {
                    LOG.infof(now ? "Secrets of cert-manager are watched" : "Secrets of cert-manager are not watched now");
                    status.watching(now);
                }
            } while (!stopping.await(SECONDS_BETWEEN_STATUS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
