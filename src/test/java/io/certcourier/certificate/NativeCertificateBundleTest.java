package io.certcourier.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;

/** The same verdicts by the cryptography that a running service puts before the JDK's. */
class NativeCertificateBundleTest extends CertificateBundleTest {

    @BeforeAll
    static void install() {
        AmazonCorrettoCryptoProvider.install();
        assertThat(Security.getProviders()[0].getName()).isEqualTo(AmazonCorrettoCryptoProvider.PROVIDER_NAME);
    }

    @AfterAll
    static void remove() {
        Security.removeProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME);
    }
}
