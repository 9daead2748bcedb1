package io.certcourier.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;

import io.certcourier.certificate.CertificateBundle;
import io.certcourier.certificate.SecretBytes;
import io.certcourier.flow.TestEvent;

/** Under which name a certificate will be imported, so that a fault can be meant for it. */
final class ScmNames {

    private ScmNames() {
    }

    static String of(TestEvent event) {
        var fields = event.fields();
        var key = SecretBytes.taking(((String) fields.get("privateKeyPem")).getBytes(US_ASCII));
        try (var bundle = CertificateBundle.parse((String) fields.get("certificatePem"), (String) fields.get("chainPem"), key,
                Instant.now())) {
            return bundle.facts().scmName();
        }
    }
}
