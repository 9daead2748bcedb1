package io.certcourier.local.scm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/** Reads the private keys an import may bring (PKCS#8, PKCS#1, SEC 1) and tells whether one belongs to a certificate. */
final class PrivateKeys {

    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_OID = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = { 2, 1, 0 };
    private static final byte[] PROBE = "does this key belong to that certificate".getBytes(StandardCharsets.US_ASCII);
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xA0;

    private PrivateKeys() {
    }

    /** @throws Refusal SCM.0012 not a key, or an encrypted one */
    static PrivateKey read(List<PemText.Block> blocks) {
        var block = blocks.get(blocks.size() - 1);
        if (block.der() == null || block.der().length == 0) {
            throw unreadable();
        }
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> fromPkcs8(block.der());
                case "RSA PRIVATE KEY" -> fromPkcs8(sequence(VERSION_0, RSA, tag(OCTET_STRING, block.der())));
                case "EC PRIVATE KEY" ->
                    fromPkcs8(sequence(VERSION_0, sequence(EC_OID, curve(blocks)), tag(OCTET_STRING, block.der())));
                default -> throw unreadable();
            };
        } catch (GeneralSecurityException | RuntimeException notAKey) {
            throw unreadable();
        }
    }

    static boolean belongs(PrivateKey key, PublicKey certified) {
        if (key instanceof RSAPrivateKey mine && certified instanceof RSAPublicKey theirs) {
            return mine.getModulus().equals(theirs.getModulus());
        }
        var algorithm = certified instanceof ECPublicKey ? "SHA256withECDSA"
                : certified instanceof EdECPublicKey ? "EdDSA" : null;
        if (algorithm == null) {
            return false;
        }
        try {
            var signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(PROBE);
            var verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(PROBE);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException otherKindOfKey) {
            return false;
        }
    }

    static boolean weak(PublicKey certified) {
        return certified instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < 2048
                || certified instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() > 384
                || certified instanceof EdECPublicKey;
    }

    private static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
        for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException otherAlgorithm) {
                continue;
            }
        }
        throw unreadable();
    }

    /** The curve's identifier: in the key, else in the EC PARAMETERS before it. */
    private static byte[] curve(List<PemText.Block> blocks) {
        var key = ByteBuffer.wrap(blocks.get(blocks.size() - 1).der());
        enter(key, SEQUENCE);
        skip(key); // version
        skip(key); // the number itself
        if (key.hasRemaining() && (key.get(key.position()) & 0xFF) == CURVE) {
            enter(key, CURVE);
            return element(key);
        }
        return element(ByteBuffer.wrap(blocks.get(0).der()));
    }

    private static void enter(ByteBuffer in, int expected) {
        if ((in.get() & 0xFF) != expected) {
            throw unreadable();
        }
        length(in);
    }

    private static void skip(ByteBuffer in) {
        in.get();
        var length = length(in);
        in.position(in.position() + length);
    }

    private static byte[] element(ByteBuffer in) {
        if (in.get() != OBJECT_IDENTIFIER) {
            throw unreadable();
        }
        var value = new byte[length(in)];
        in.get(value);
        return tag(OBJECT_IDENTIFIER, value);
    }

    private static int length(ByteBuffer in) {
        var first = in.get() & 0xFF;
        if (first < 0x80) {
            return first;
        }
        var length = 0;
        for (var left = first & 0x7F; left > 0; left--) {
            length = length << 8 | in.get() & 0xFF;
        }
        return length;
    }

    private static byte[] sequence(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return tag(SEQUENCE, out.toByteArray());
    }

    private static byte[] tag(int tag, byte[] value) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (value.length < 0x80) {
            out.write(value.length);
        } else if (value.length < 0x100) { // a byte more is no DER, and the JDK refuses it
            out.write(0x81);
            out.write(value.length);
        } else {
            out.write(0x82);
            out.write(value.length >> 8);
            out.write(value.length);
        }
        out.writeBytes(value);
        return out.toByteArray();
    }

    private static Refusal unreadable() {
        return Refusal.scm("SCM.0012", "The private key cannot be parsed.");
    }
}
