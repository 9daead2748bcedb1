package io.certcourier.certificate;

import static io.certcourier.certificate.InvalidCertificate.Reason.CERT_UNPARSABLE;
import static io.certcourier.certificate.IssuedCertificate.pem;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;

/** Keys and blocks that no certificate authority and no tool would make. */
final class Oddities {

    private Oddities() {
    }

    static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    static byte[] twice(String pem) {
        byte[] der = PemReader.read(pem.getBytes(), CERT_UNPARSABLE).get(0).der();
        byte[] both = new byte[2 * der.length];
        System.arraycopy(der, 0, both, 0, der.length);
        System.arraycopy(der, 0, both, der.length, der.length);
        return both;
    }

    static byte[] withAttributes(KeyPair keys) {
        try {
            PrivateKeyInfo key = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
            return new PrivateKeyInfo(key.getPrivateKeyAlgorithm(), key.parsePrivateKey(),
                    new DERSet(new DEROctetString(new byte[3500]))).getEncoded();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Modulus and exponents are the leaf's, but what it signs is wrong. */
    static String wrongPrime(KeyPair keys) {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) keys.getPrivate();
        try {
            return block("RSA PRIVATE KEY",
                    new RSAPrivateKey(key.getModulus(), key.getPublicExponent(), key.getPrivateExponent(),
                            key.getPrimeP().add(BigInteger.TWO), key.getPrimeQ(), key.getPrimeExponentP(),
                            key.getPrimeExponentQ(),
                            key.getCrtCoefficient()).getEncoded());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static KeyPair keys(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Nobody has the private half; the size is refused before anybody asks. */
    static KeyPair hugeRsaKey() {
        try {
            BigInteger modulus = BigInteger.ONE.setBit(4103);
            RSAPublicKeySpec spec = new RSAPublicKeySpec(modulus, BigInteger.valueOf(65537));
            return new KeyPair(KeyFactory.getInstance("RSA").generatePublic(spec), TestCa.ecKeys("secp256r1").getPrivate());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
