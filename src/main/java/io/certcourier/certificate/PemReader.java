package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

import io.certcourier.certificate.InvalidCertificate.Reason;

/**
 * Finds the PEM blocks in a text. Text around blocks, a byte order mark, any line ends and blank lines do not matter; inside
 * a block every character counts. Works on bytes and erases its copies, because the text may be a key.
 */
final class PemReader {

    private static final byte[] BEGIN = "-----BEGIN ".getBytes(US_ASCII);
    private static final byte[] END = "-----END ".getBytes(US_ASCII);
    private static final byte[] DASHES = "-----".getBytes(US_ASCII);
    private static final Pattern LABEL = Pattern.compile("[A-Z0-9]([A-Z0-9 ]{0,38}[A-Z0-9])?");

    private final byte[] text;
    private final Reason reason;

    private PemReader(byte[] text, Reason reason) {
        this.text = text;
        this.reason = reason;
    }

    /**
     * @param text ASCII where it matters; left as it is
     * @param reason what to throw when a block is damaged
     * @return the blocks in the order of the text, empty if there are none; the caller closes them if they are secret
     */
    static List<PemBlock> read(byte[] text, Reason reason) {
        return new PemReader(text, reason).blocks();
    }

    private List<PemBlock> blocks() {
        List<PemBlock> blocks = new ArrayList<>();
        try {
            int position = 0;
            int begin = find(BEGIN, position);
            while (begin >= 0) {
                requireNoEnd(position, begin);
                int labelStart = begin + BEGIN.length;
                int labelEnd = find(DASHES, labelStart);
                String label = label(labelStart, labelEnd);
                byte[] endLine = ("-----END " + label + "-----").getBytes(US_ASCII);
                int bodyStart = labelEnd + DASHES.length;
                int bodyEnd = find(endLine, bodyStart);
                if (bodyEnd < 0) {
                    throw new InvalidCertificate(reason, "A PEM block has no END line of its own.");
                }
                blocks.add(new PemBlock(label, decode(bodyStart, bodyEnd)));
                position = bodyEnd + endLine.length;
                begin = find(BEGIN, position);
            }
            requireNoEnd(position, text.length);
            return blocks;
        } catch (InvalidCertificate damaged) {
            blocks.forEach(PemBlock::close);
            throw damaged;
        }
    }

    /** A block whose BEGIN line lost a dash would pass for text between blocks, and an issuer would be missing unnoticed. */
    private void requireNoEnd(int from, int to) {
        int end = find(END, from);
        if (end >= 0 && end < to) {
            throw new InvalidCertificate(reason, "A PEM block has no BEGIN line of its own.");
        }
    }

    private String label(int from, int to) {
        String label = to < 0 ? "" : new String(text, from, Math.min(to - from, 64), US_ASCII);
        if (!LABEL.matcher(label).matches()) {
            throw new InvalidCertificate(reason, "A PEM block has a damaged BEGIN line.");
        }
        return label;
    }

    private byte[] decode(int from, int to) {
        byte[] compact = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (b == ':') {
                Arrays.fill(compact, (byte) 0);
                throw new InvalidCertificate(reason, "A PEM block has header lines, as encrypted keys have; none are taken.");
            }
            if (b != '\n' && b != '\r' && b != ' ' && b != '\t') {
                compact[length++] = b;
            }
        }
        byte[] base64 = Arrays.copyOf(compact, length);
        Arrays.fill(compact, (byte) 0);
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new InvalidCertificate(reason, "A PEM block is not base64.");
        } finally {
            Arrays.fill(base64, (byte) 0);
        }
    }

    private int find(byte[] wanted, int from) {
        for (int i = from; i <= text.length - wanted.length; i++) {
            if (Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
