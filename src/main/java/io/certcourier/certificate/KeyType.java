package io.certcourier.certificate;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

import io.certcourier.certificate.InvalidCertificate.Reason;

/** The key types SCM is known to take. */
final class KeyType {

    private static final BigInteger P256_ORDER = order("secp256r1");
    private static final BigInteger P384_ORDER = order("secp384r1");

    private KeyType() {
    }

    /**
     * @return {@code RSA-2048} to {@code RSA-4096}, {@code EC-P256} or {@code EC-P384}
     * @throws InvalidCertificate KEY_TYPE_UNSUPPORTED for every other key
     */
    static String of(PublicKey key) {
        // the algorithm is asked too: an RSASSA-PSS key is an RSAPublicKey as well
        if (key instanceof RSAPublicKey rsa && "RSA".equals(key.getAlgorithm())) {
            int bits = rsa.getModulus().bitLength();
            if (bits >= 2048 && bits <= 4096) {
                return "RSA-" + bits;
            }
        }
        if (key instanceof ECPublicKey ec) {
            BigInteger order = ec.getParams().getOrder();
            if (order.equals(P256_ORDER)) {
                return "EC-P256";
            }
            if (order.equals(P384_ORDER)) {
                return "EC-P384";
            }
        }
        throw new InvalidCertificate(Reason.KEY_TYPE_UNSUPPORTED, "The key is none of RSA 2048 to 4096, EC P-256, EC P-384.");
    }

    private static BigInteger order(String curve) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve));
            return parameters.getParameterSpec(ECParameterSpec.class).getOrder();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + curve, missing);
        }
    }
}
