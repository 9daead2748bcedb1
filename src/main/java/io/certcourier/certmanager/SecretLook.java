package io.certcourier.certmanager;

import static io.certcourier.certmanager.Finding.FAILED;
import static io.certcourier.certmanager.Finding.KNOWN;
import static io.certcourier.certmanager.Finding.PUBLISHED;
import static io.certcourier.certmanager.Finding.REFUSED;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import io.certcourier.intake.DatabaseAway;
import io.certcourier.intake.Receipt;
import io.certcourier.outcome.LogKeys;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;

/** Reads a Secret and its Certificate as they are now, and hands over the certificate that they agree on. */
final class SecretLook {

    private static final Logger LOG = Logger.getLogger(SecretLook.class);
    private static final String DATABASE = "storing in the database";

    private final KubernetesClient cluster;
    private final String selector;
    private final Function<byte[], Receipt> intake;
    private final WatchStatus status;
    private final Troubles troubles;
    /** Event ids by Secret, so that a periodic look asks the database for nothing. */
    private final Map<ResourceName, String> handedOver = new ConcurrentHashMap<>();
    private final Map<ResourceName, String> told = new ConcurrentHashMap<>();

    /**
     * @param selector of the labels without which a Secret is left alone
     * @param intake overwrites what it is given
     */
    SecretLook(KubernetesClient cluster, String selector, Function<byte[], Receipt> intake, WatchStatus status,
            Troubles troubles) {
        this.cluster = cluster;
        this.selector = selector;
        this.intake = intake;
        this.status = status;
        this.troubles = troubles;
    }

    /**
     * @return false: it failed, and is worth repeating
     * @throws RuntimeException a bug, whose message may quote the Secret
     */
    boolean at(ResourceName secret) {
        boolean done = false;
        try {
            look(secret);
            done = true;
        } catch (DatabaseAway away) {
            troubles.met(DATABASE, "the database does not take certificates");
        } catch (KubernetesClientException failure) {
            // told by read()
        } finally {
            if (!done) {
                status.count(FAILED);
            }
        }
        return done;
    }

    /** It is gone, or no longer to be delivered. */
    void forget(ResourceName secret) {
        handedOver.remove(secret);
        told.remove(secret);
    }

    private void look(ResourceName name) {
        var secret = read("reading Secrets in namespace " + name.namespace(),
                () -> labelled(name).list().getItems().stream().findFirst().orElse(null));
        if (secret == null) {
            return; // its end, or that of its label, is told by the watch
        }
        var certificateName = Inspection.certificateOf(secret);
        var certificate = certificateName == null ? null : certificate(certificateName);
        var inspection = Inspection.of(secret, certificate);
        if (inspection.found() == null) {
            found(name, inspection.finding(), inspection.why());
            return;
        }
        var event = new CertificateEvent(certificate, inspection.found(), Inspection.annotations(secret));
        if (event.id().equals(handedOver.get(name))) {
            status.count(KNOWN);
            return;
        }
        conclude(name, event, intake.apply(event.bytes()));
        troubles.over(DATABASE);
    }

    private FilterWatchListDeletable<Secret, SecretList, Resource<Secret>> labelled(ResourceName name) {
        return cluster.secrets().inNamespace(name.namespace()).withLabelSelector(selector).withField("metadata.name",
                name.name());
    }

    private ManagedCertificate certificate(ResourceName name) {
        var certificate = read("reading Certificates in namespace " + name.namespace(),
                () -> cluster.genericKubernetesResources(ManagedCertificate.KIND).inNamespace(name.namespace())
                        .withName(name.name()).get());
        return certificate == null ? null : ManagedCertificate.of(certificate);
    }

    private <T> T read(String what, Supplier<T> request) {
        try {
            T answer = request.get();
            troubles.over(what);
            return answer;
        } catch (KubernetesClientException failure) {
            troubles.met(what, ClusterTrouble.sentence(failure, what));
            throw failure;
        }
    }

    private void conclude(ResourceName secret, CertificateEvent event, Receipt receipt) {
        if (receipt instanceof Receipt.Declined declined) {
            found(secret, REFUSED, declined.code() + ": " + declined.detail());
            return;
        }
        var taken = (Receipt.Taken) receipt;
        if (taken.duplicate() && taken.state().equals("REJECTED")) {
            foundAgain(secret, "renewal " + taken.renewalId() + " is REJECTED as before");
            return;
        }
        handedOver.put(secret, event.id());
        told.remove(secret);
        status.count(taken.duplicate() ? KNOWN : PUBLISHED);
        if (!taken.duplicate()) {
            LogKeys.of("secret.published").renewal(taken.renewalId(), event.certificate().name().toString(), null)
                    .during(() -> LOG.infof("Secret %s is renewal %s: %s", secret, taken.renewalId(), taken.state()));
        }
    }

    /** What was told before this start, by another replica, or a look ago: once here at most. */
    private void foundAgain(ResourceName secret, String why) {
        if (told.containsKey(secret)) {
            status.count(REFUSED);
        } else {
            found(secret, REFUSED, why);
        }
    }

    /** Logs it unless it was logged for this Secret last. */
    private void found(ResourceName secret, Finding finding, String why) {
        status.count(finding);
        String sentence = "Secret " + secret + " is " + finding + ": " + why;
        if (!sentence.equals(told.put(secret, sentence))) {
            boolean wants = finding == REFUSED || finding == Finding.UNUSABLE;
            LOG.log(wants ? Logger.Level.WARN : Logger.Level.INFO, sentence);
        }
    }
}
