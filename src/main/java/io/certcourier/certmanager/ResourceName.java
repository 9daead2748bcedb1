package io.certcourier.certmanager;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Where a Secret or a Certificate lies. */
record ResourceName(String namespace, String name) {

    static ResourceName of(HasMetadata resource) {
        return new ResourceName(resource.getMetadata().getNamespace(), resource.getMetadata().getName());
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
