package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Base64;

/** One PEM block, decoded. May hold a key, so it prints nothing and is overwritten on close. */
final class PemBlock implements AutoCloseable {

    private static final byte[] LF = { '\n' };

    private final String label;
    private final byte[] der;

    /** @param der taken over: zeroed on {@link #close()} */
    PemBlock(String label, byte[] der) {
        this.label = label;
        this.der = der;
    }

    /** What stands after BEGIN, such as {@code CERTIFICATE}. */
    String label() {
        return label;
    }

    /** The decoded bytes themselves, not a copy. */
    byte[] der() {
        return der;
    }

    /** The one form SCM takes: LF, 64 columns of base64, no blank line, no line break at either end. */
    byte[] text() {
        byte[] begin = ("-----BEGIN " + label + "-----\n").getBytes(US_ASCII);
        byte[] end = ("\n-----END " + label + "-----").getBytes(US_ASCII);
        byte[] body = Base64.getMimeEncoder(64, LF).encode(der);
        byte[] text = new byte[begin.length + body.length + end.length];
        System.arraycopy(begin, 0, text, 0, begin.length);
        System.arraycopy(body, 0, text, begin.length, body.length);
        System.arraycopy(end, 0, text, begin.length + body.length, end.length);
        Arrays.fill(body, (byte) 0);
        return text;
    }

    /** How long {@link #text()} is, without making another copy of a key. */
    int textLength() {
        int base64 = (der.length + 2) / 3 * 4;
        int lineBreaks = (base64 + 63) / 64 + 1;
        return 2 * label.length() + "-----BEGIN -----".length() + "-----END -----".length() + base64 + lineBreaks;
    }

    @Override
    public void close() {
        Arrays.fill(der, (byte) 0);
    }

    @Override
    public String toString() {
        return label + " ***";
    }
}
