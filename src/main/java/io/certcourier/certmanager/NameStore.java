package io.certcourier.certmanager;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;

/**
 * What an informer remembers: names, versions and the Certificate's name. The rest is taken out of what the API server sent,
 * because it would stay in memory as long as the process, and the rest of a Secret is a private key.
 */
final class NameStore<T extends HasMetadata> implements ItemStore<T> {

    private final Map<String, T> items = new ConcurrentHashMap<>();
    private final Consumer<T> strip;

    private NameStore(Consumer<T> strip) {
        this.strip = strip;
    }

    static NameStore<Secret> ofSecrets() {
        return new NameStore<>(secret -> {
            secret.setData(null);
            secret.setStringData(null);
            // kubectl writes all it applied into an annotation
            secret.getMetadata().setAnnotations(Inspection.certificateAnnotation(secret));
            secret.getMetadata().setManagedFields(null);
        });
    }

    static NameStore<GenericKubernetesResource> ofCertificates() {
        return new NameStore<>(certificate -> {
            certificate.setAdditionalProperties(null);
            certificate.getMetadata().setAnnotations(null);
            certificate.getMetadata().setManagedFields(null);
        });
    }

    @Override
    public String getKey(T item) {
        return Cache.metaNamespaceKeyFunc(item);
    }

    @Override
    public T put(String key, T item) {
        strip.accept(item);
        return items.put(key, item);
    }

    @Override
    public T remove(String key) {
        return items.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return items.values().stream();
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public T get(String key) {
        return items.get(key);
    }
}
