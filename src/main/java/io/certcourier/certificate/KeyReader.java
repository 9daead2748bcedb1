package io.certcourier.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import io.certcourier.certificate.InvalidCertificate.Reason;

/**
 * Reads a private key in any of its three containers and proves that it belongs to a certificate. Its own copies are erased;
 * those inside the JDK's key objects cannot be, but nothing refers to them once a method has returned.
 */
final class KeyReader {

    private static final byte[] RSA_OID = element("06092a864886f70d010101");
    private static final byte[] EC_OID = element("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = element("020100");
    private static final byte[] NO_PARAMETERS = Der.element(Der.NULL);
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyReader() {
    }

    /**
     * The one key block of a text: PKCS#8, PKCS#1 or SEC1. The EC PARAMETERS that openssl writes before a SEC1 key are skipped,
     * since that key names its curve itself.
     *
     * @return to be closed by the caller
     * @throws InvalidCertificate KEY_UNPARSABLE
     */
    static PemBlock read(byte[] text) {
        List<PemBlock> blocks = PemReader.read(text, Reason.KEY_UNPARSABLE);
        PemBlock key = null;
        try {
            for (PemBlock block : blocks) {
                switch (block.label()) {
                    case "EC PARAMETERS" -> {
                        continue;
                    }
                    case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                        if (key != null) {
                            throw unparsable("There is more than one private key.");
                        }
                        key = block;
                    }
                    case "ENCRYPTED PRIVATE KEY" -> throw unparsable("The private key is encrypted.");
                    default -> throw unparsable("A block beside the key is none, or its container is not known.");
                }
            }
        } catch (InvalidCertificate refused) {
            blocks.forEach(PemBlock::close);
            throw refused;
        }
        if (key == null) {
            throw unparsable("There is no private key block.");
        }
        return key;
    }

    /** @throws InvalidCertificate KEY_UNPARSABLE, KEY_TYPE_UNSUPPORTED or KEY_MISMATCH */
    static void requirePair(PemBlock block, PublicKey certified) {
        byte[] pkcs8 = pkcs8(block);
        try {
            PrivateKey key = decode(pkcs8, algorithm(pkcs8));
            if (!signsFor(key, certified)) {
                throw new InvalidCertificate(Reason.KEY_MISMATCH, "The private key does not belong to the leaf certificate.");
            }
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** A copy in PKCS#8, the only container the JDK reads. */
    private static byte[] pkcs8(PemBlock block) {
        byte[] der = block.der();
        try {
            return switch (block.label()) {
                case "RSA PRIVATE KEY" -> wrap(Der.element(Der.SEQUENCE, RSA_OID, NO_PARAMETERS), der);
                case "EC PRIVATE KEY" -> wrap(Der.element(Der.SEQUENCE, EC_OID, curve(der)), der);
                default -> der.clone();
            };
        } catch (IllegalArgumentException malformed) {
            throw unparsable("The private key does not decode.");
        }
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        byte[] content = Der.element(Der.OCTET_STRING, key);
        byte[] pkcs8 = Der.element(Der.SEQUENCE, VERSION_0, algorithm, content);
        Arrays.fill(content, (byte) 0);
        return pkcs8;
    }

    /** A SEC1 key may leave its curve out by the standard; then neither openssl nor SCM could read it alone. */
    private static byte[] curve(byte[] sec1) {
        Der key = Der.of(sec1).enter(Der.SEQUENCE);
        key.enter(Der.INTEGER);
        key.enter(Der.OCTET_STRING);
        if (!key.nextIs(Der.CONTEXT_0)) {
            throw unparsable("The EC private key does not name its curve.");
        }
        return key.enter(Der.CONTEXT_0).take(Der.OBJECT_IDENTIFIER);
    }

    private static String algorithm(byte[] pkcs8) {
        byte[] oid;
        try {
            Der outer = Der.of(pkcs8);
            Der info = outer.enter(Der.SEQUENCE);
            outer.requireEnd();
            info.enter(Der.INTEGER);
            oid = info.enter(Der.SEQUENCE).take(Der.OBJECT_IDENTIFIER);
        } catch (IllegalArgumentException malformed) {
            throw unparsable("The private key does not decode.");
        }
        if (Arrays.equals(oid, RSA_OID)) {
            return "RSA";
        }
        if (Arrays.equals(oid, EC_OID)) {
            return "EC";
        }
        throw new InvalidCertificate(Reason.KEY_TYPE_UNSUPPORTED, "The private key is neither RSA nor EC.");
    }

    private static PrivateKey decode(byte[] pkcs8, String algorithm) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | RuntimeException malformed) { // parsers of hostile bytes promise no checked type
            throw unparsable("The private key does not decode.");
        }
    }

    /** The only proof that counts: what one signs, the other verifies. Another algorithm or curve fails here as well. */
    private static boolean signsFor(PrivateKey key, PublicKey certified) {
        byte[] message = new byte[32];
        RANDOM.nextBytes(message);
        try {
            Signature signature = Signature.getInstance("EC".equals(key.getAlgorithm()) ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(message);
            return signature.verify(signed) && consistent(key);
        } catch (GeneralSecurityException | RuntimeException inconsistent) { // its numbers do not fit together
            return false;
        }
    }

    /** The JDK signs with the primes and looks at nothing else; other readers take the private exponent and would fail. */
    private static boolean consistent(PrivateKey key) {
        if (!(key instanceof RSAPrivateKey)) {
            return true;
        }
        return key instanceof RSAPrivateCrtKey rsa && rsa.getPrimeP().multiply(rsa.getPrimeQ()).equals(rsa.getModulus())
                && inverse(rsa, rsa.getPrimeP(), rsa.getPrimeExponentP())
                && inverse(rsa, rsa.getPrimeQ(), rsa.getPrimeExponentQ())
                && rsa.getCrtCoefficient().multiply(rsa.getPrimeQ()).mod(rsa.getPrimeP()).equals(BigInteger.ONE);
    }

    private static boolean inverse(RSAPrivateCrtKey key, BigInteger prime, BigInteger primeExponent) {
        BigInteger order = prime.subtract(BigInteger.ONE);
        return key.getPublicExponent().multiply(key.getPrivateExponent()).mod(order).equals(BigInteger.ONE)
                && key.getPrivateExponent().mod(order).equals(primeExponent);
    }

    private static InvalidCertificate unparsable(String detail) {
        return new InvalidCertificate(Reason.KEY_UNPARSABLE, detail);
    }

    private static byte[] element(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
