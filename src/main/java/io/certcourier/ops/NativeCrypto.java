package io.certcourier.ops;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import org.jboss.logging.Logger;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;

import io.quarkus.runtime.StartupEvent;

/** Puts AWS-LC before the JDK's own cryptography; what it does not have, and machines it was not built for, keep the JDK's. */
@ApplicationScoped
class NativeCrypto {

    private static final Logger LOG = Logger.getLogger(NativeCrypto.class);

    private final boolean wanted;

    NativeCrypto(OpsConfig config) {
        this.wanted = config.nativeCrypto();
    }

    void install(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (!wanted) {
            return;
        }
        Throwable trouble = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        if (trouble == null) {
            AmazonCorrettoCryptoProvider.install();
        } else {
            LOG.warnf("native cryptography cannot be loaded, the JDK's own takes its place and more CPU time: %s", trouble);
        }
    }
}
