package io.certcourier.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates and keys made by somebody who means harm. All by Bouncy Castle: the JDK would refuse to write most of them. */
public final class HostileCertificates {

    private static final String NAME = "www.example.com";
    private static final KeyPair EC = TestCa.ecKeys("secp256r1");

    private HostileCertificates() {
    }

    /** BER of indefinite lengths, one within the other, as deep as 20 kB allow. */
    public static String nestedBer() {
        byte[] bytes = new byte[20_000];
        for (int i = 0; i < bytes.length / 2; i += 2) {
            bytes[i] = 0x30;
            bytes[i + 1] = (byte) 0x80;
        }
        return block("CERTIFICATE", bytes);
    }

    public static String block(String label, byte[] der) {
        return Oddities.block(label, der);
    }

    /** A leaf that the CA has signed over any public key, sound or not. */
    public static String leafOver(TestCa ca, SubjectPublicKeyInfo key) {
        return sign(ca.issuer().name(), NAME, key, ca.issuer().keys().getPrivate(), "SHA256withECDSA", null, null);
    }

    public static SubjectPublicKeyInfo rsa(BigInteger modulus, BigInteger exponent) {
        try {
            return new SubjectPublicKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption,
                    org.bouncycastle.asn1.DERNull.INSTANCE),
                    new org.bouncycastle.asn1.pkcs.RSAPublicKey(modulus, exponent));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The generator of a named curve. */
    public static SubjectPublicKeyInfo ec(String curve) {
        var parameters = ECNamedCurveTable.getByName(curve);
        return ec(ECNamedCurveTable.getOID(curve), parameters.getG().getEncoded(false));
    }

    /** P-256, but spelt out instead of named: what CVE-2020-0601 was about. */
    public static SubjectPublicKeyInfo explicitCurve() {
        var parameters = ECNamedCurveTable.getByName("secp256r1");
        return ec(parameters.toASN1Primitive(), parameters.getG().getEncoded(false));
    }

    public static SubjectPublicKeyInfo unknownCurve() {
        return ec(new ASN1ObjectIdentifier("1.3.9999.1.2.3"), new byte[65]);
    }

    private static SubjectPublicKeyInfo ec(ASN1Encodable parameters, byte[] point) {
        return new SubjectPublicKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, parameters), point);
    }

    /** Leaf with this extension instead of the usual alternative names. */
    public static IssuedCertificate withNames(TestCa ca, byte[] alternatives) {
        String pem = sign(ca.issuer().name(), NAME, SubjectPublicKeyInfo.getInstance(EC.getPublic().getEncoded()),
                ca.issuer().keys().getPrivate(), "SHA256withECDSA", Extension.subjectAlternativeName,
                new DEROctetString(alternatives));
        return new IssuedCertificate(Certificates.read(pem).get(0), ca.intermediates(), ca.root(), EC);
    }

    /** Signed by SHA-1, and by an issuer that says nothing of being one. */
    public static IssuedCertificate sha1(TestCa ca) {
        return signed(ca, "SHA1withECDSA", null, null);
    }

    /** A leaf that claims to be an authority. */
    public static IssuedCertificate authority(TestCa ca) {
        try {
            return signed(ca, "SHA256withECDSA", Extension.basicConstraints,
                    new DEROctetString(new BasicConstraints(true).getEncoded()));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static IssuedCertificate signed(TestCa ca, String algorithm, ASN1ObjectIdentifier extension,
            DEROctetString value) {
        KeyPair keys = TestCa.ecKeys("secp256r1");
        String pem = sign(ca.issuer().name(), NAME, SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()),
                ca.issuer().keys().getPrivate(), algorithm, extension, value);
        return new IssuedCertificate(Certificates.read(pem).get(0), ca.intermediates(), ca.root(), keys);
    }

    /** Two issuers of one leaf that have signed each other: a way without an end. */
    public static IssuedCertificate loop() {
        KeyPair a = TestCa.ecKeys("secp256r1");
        KeyPair b = TestCa.ecKeys("secp256r1");
        KeyPair leaf = TestCa.ecKeys("secp256r1");
        X500Name nameA = new X500Name("CN=Loop A");
        X500Name nameB = new X500Name("CN=Loop B");
        String pem = sign(nameA, NAME, info(leaf.getPublic()), a.getPrivate(), "SHA256withECDSA", null, null)
                + sign(nameB, "Loop A", info(a.getPublic()), b.getPrivate(), "SHA256withECDSA", null, null)
                + sign(nameA, "Loop B", info(b.getPublic()), a.getPrivate(), "SHA256withECDSA", null, null);
        var all = Certificates.read(pem);
        return new IssuedCertificate(all.get(0), all.subList(1, 3), all.get(2), leaf);
    }

    /** 20 issuers of one name that have all signed one another, with keys whose check takes milliseconds each. */
    public static IssuedCertificate entangled() {
        KeyPair leaf = TestCa.ecKeys("secp256r1");
        List<KeyPair> signers = Stream.of(1, 2).map(HostileCertificates::slowKeys).toList();
        X500Name issuer = new X500Name("CN=Tangle");
        var pem = new StringBuilder(
                sign(issuer, NAME, info(leaf.getPublic()), signers.get(0).getPrivate(), "SHA256withRSA", null, null));
        IntStream.range(0, 20).forEach(i -> pem.append(sign(issuer, "Tangle", info(signers.get(i % 2).getPublic()),
                signers.get(i / 2 % 2).getPrivate(), "SHA256withRSA", null, null)));
        var all = Certificates.read(pem.toString());
        return new IssuedCertificate(all.get(0), all.subList(1, all.size()), all.get(1), leaf);
    }

    /** The small exponent is the private one: quick to sign with, slow to verify. */
    private static KeyPair slowKeys(int seed) {
        Random random = new Random(seed);
        BigInteger p = BigInteger.probablePrime(1536, random);
        BigInteger q = BigInteger.probablePrime(1536, random);
        BigInteger one = BigInteger.ONE;
        BigInteger d = BigInteger.valueOf(65537);
        BigInteger e = d.modInverse(p.subtract(one).multiply(q.subtract(one)));
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            return new KeyPair(factory.generatePublic(new RSAPublicKeySpec(p.multiply(q), e)),
                    factory.generatePrivate(new RSAPrivateKeySpec(p.multiply(q), d)));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The key with one bit of its private exponent turned; its primes are right. */
    public static String oneBitOff(RSAPrivateCrtKey key) {
        return rsaKey(key.getModulus(), key.getPublicExponent(), key.getPrivateExponent().flipBit(7), key.getPrimeP(),
                key.getPrimeQ(), key.getPrimeExponentP(), key.getPrimeExponentQ(), key.getCrtCoefficient());
    }

    /** The key without its primes. */
    public static String withoutPrimes(RSAPrivateCrtKey key) {
        BigInteger none = BigInteger.ZERO;
        return rsaKey(key.getModulus(), key.getPublicExponent(), key.getPrivateExponent(), none, none, none, none, none);
    }

    private static String rsaKey(BigInteger... numbers) {
        var integers = Stream.concat(Stream.of(BigInteger.ZERO), Stream.of(numbers)).map(ASN1Integer::new)
                .toArray(ASN1Encodable[]::new);
        try {
            return block("RSA PRIVATE KEY", new DERSequence(integers).getEncoded());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** An EC key of P-256 with one bit of its number turned. */
    public static String oneBitOff(PrivateKey key) {
        var ec = (ECPrivateKey) key;
        try {
            var other = KeyFactory.getInstance("EC")
                    .generatePrivate(new ECPrivateKeySpec(ec.getS().flipBit(0), ec.getParams()));
            return block("PRIVATE KEY", other.getEncoded());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static SubjectPublicKeyInfo info(PublicKey key) {
        return SubjectPublicKeyInfo.getInstance(key.getEncoded());
    }

    private static String sign(X500Name issuer, String commonName, SubjectPublicKeyInfo key, PrivateKey signer,
            String algorithm, ASN1ObjectIdentifier extension, DEROctetString value) {
        Instant now = Instant.now();
        var builder = new X509v3CertificateBuilder(issuer, TestCa.serial(), Date.from(now.minusSeconds(3600)),
                Date.from(now.plusSeconds(90 * 86400L)), new X500Name("CN=" + commonName), key);
        try {
            if (extension != null) {
                builder.addExtension(new Extension(extension, false, value));
            }
            X509CertificateHolder made = builder.build(new JcaContentSignerBuilder(algorithm).build(signer));
            return block("CERTIFICATE", made.getEncoded());
        } catch (IOException | OperatorCreationException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
