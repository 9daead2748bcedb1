package io.certcourier.certmanager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;

/**
 * Lists and watches labelled Secrets and all Certificates, and tells which Secret may have something new. Tries for ever: an
 * API server that is away, or a right that is missing, is a trouble and no end.
 */
final class ClusterWatch implements AutoCloseable {

    static final String EVERYWHERE = "*";

    private final KubernetesClient cluster;
    private final CertManagerConfig config;
    private final LookQueue queue;
    private final SecretLook look;
    private final Troubles troubles;
    private final Duration patience;
    /** Certificates by the Secret that names them; several may name one, such as a copy. */
    private final Map<ResourceName, ResourceName> certificates = new ConcurrentHashMap<>();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final List<Watched> watched = new ArrayList<>();

    /** @param patience how long a watch may be away until it is lost */
    ClusterWatch(KubernetesClient cluster, CertManagerConfig config, LookQueue queue, SecretLook look, Troubles troubles,
            Duration patience) {
        this.cluster = cluster;
        this.config = config;
        this.queue = queue;
        this.look = look;
        this.troubles = troubles;
        this.patience = patience;
    }

    void start() {
        for (String namespace : namespaces()) {
            boolean everywhere = namespace.equals(EVERYWHERE);
            String where = everywhere ? " in all namespaces" : " in namespace " + namespace;
            var labelled = everywhere ? cluster.secrets().inAnyNamespace() : cluster.secrets().inNamespace(namespace);
            var all = cluster.genericKubernetesResources(ManagedCertificate.KIND);
            start(labelled.withLabelSelector(config.selector()), NameStore.ofSecrets(), new SecretEvents(),
                    config.resync().toMillis(), "watching Secrets" + where);
            start(everywhere ? all.inAnyNamespace() : all.inNamespace(namespace), NameStore.ofCertificates(),
                    new CertificateEvents(), 0, "watching Certificates" + where);
        }
    }

    private List<String> namespaces() {
        String own = Optional.ofNullable(cluster.getNamespace()).orElse("default"); // as kubectl does it outside of a pod
        return config.namespaces().orElse(List.of(own)).stream().map(String::strip).distinct().toList();
    }

    private <T extends HasMetadata> void start(Informable<T> resources, ItemStore<T> store, ResourceEventHandler<T> events,
            long resync, String what) {
        var informer = resources.runnableInformer(resync).itemStore(store).addEventHandler(events)
                .exceptionHandler((started, failure) -> {
                    troubles.met(what, ClusterTrouble.sentence(failure, what));
                    return true;
                });
        informers.add(informer);
        watched.add(new Watched(what, informer::isWatching, troubles, patience, System::nanoTime));
        informer.start();
    }

    /** Whether all is watched; what is lost, and what is again, is told. */
    boolean watching() {
        boolean all = true;
        for (var each : watched) {
            all &= each.holds();
        }
        return all;
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }

    private final class SecretEvents implements ResourceEventHandler<Secret> {

        @Override
        public void onAdd(Secret secret) {
            var name = ResourceName.of(secret);
            var certificate = Inspection.certificateOf(secret);
            if (certificate == null) {
                certificates.remove(name);
            } else {
                certificates.put(name, certificate);
            }
            queue.add(name);
        }

        @Override
        public void onUpdate(Secret before, Secret secret) {
            onAdd(secret);
        }

        @Override
        public void onDelete(Secret secret, boolean unseen) {
            var name = ResourceName.of(secret);
            certificates.remove(name);
            queue.remove(name);
            look.forget(name);
        }
    }

    /** Those of Secrets that are not to be delivered lead nowhere. */
    private final class CertificateEvents implements ResourceEventHandler<GenericKubernetesResource> {

        @Override
        public void onAdd(GenericKubernetesResource certificate) {
            var name = ResourceName.of(certificate);
            certificates.forEach((secret, named) -> {
                if (named.equals(name)) {
                    queue.add(secret);
                }
            });
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource certificate) {
            onAdd(certificate);
        }

        @Override
        public void onDelete(GenericKubernetesResource certificate, boolean unseen) {
            // the Secret stays, and with it what was delivered
        }
    }
}
