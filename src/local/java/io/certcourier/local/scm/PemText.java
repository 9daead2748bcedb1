package io.certcourier.local.scm;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Reads PEM as strictly as SCM does: no blank line, no trailing space, no line break at either end. */
final class PemText {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");
    private static final String ENCRYPTION_HEADER = "Proc-Type:";

    /**
     * @param text the block as it came, lines joined by \n.
     * @param der null if the text is not base64
     */
    record Block(String label, String text, byte[] der) {
    }

    private PemText() {
    }

    /** @throws Refusal SCM.0053 BEGIN and END lines, blank lines, trailing spaces; SCM.0054 nothing between them */
    static List<Block> certificates(String pem) {
        var blocks = blocks(pem, "SCM.0053", "The BEGIN and END lines of the certificate are wrong.");
        for (var block : blocks) {
            if (!block.label().equals("CERTIFICATE")) {
                throw Refusal.scm("SCM.0053", "The BEGIN and END lines of the certificate are wrong.");
            }
            if (block.der() != null && block.der().length == 0) {
                throw Refusal.scm("SCM.0054", "The text between the BEGIN and END lines of the certificate is missing.");
            }
        }
        return blocks;
    }

    /** @throws Refusal SCM.0114 BEGIN and END lines */
    static List<Block> privateKey(String pem) {
        var wrong = "The BEGIN and END lines of the private key are wrong.";
        var blocks = blocks(pem, "SCM.0114", wrong);
        var key = blocks.get(blocks.size() - 1);
        var withParameters = blocks.size() == 2 && blocks.get(0).label().equals("EC PARAMETERS");
        if (!key.label().endsWith("PRIVATE KEY") || blocks.size() > 1 && !withParameters) {
            throw Refusal.scm("SCM.0114", wrong);
        }
        return blocks;
    }

    private static List<Block> blocks(String pem, String code, String wrong) {
        var blocks = new ArrayList<Block>();
        var lines = pem.split("\r?\n", -1);
        var at = 0;
        while (at < lines.length) {
            var begin = BEGIN.matcher(lines[at]);
            var end = begin.matches() ? endOf(lines, at, "-----END " + begin.group(1) + "-----") : -1;
            if (end < 0) {
                throw Refusal.scm(code, wrong);
            }
            var inside = List.of(lines).subList(at + 1, end);
            blocks.add(new Block(begin.group(1), String.join("\n", List.of(lines).subList(at, end + 1)), decode(inside)));
            at = end + 1;
        }
        return blocks;
    }

    private static int endOf(String[] lines, int begin, String endLine) {
        var encrypted = begin + 1 < lines.length && lines[begin + 1].startsWith(ENCRYPTION_HEADER);
        for (var at = begin + 1; at < lines.length; at++) {
            if (lines[at].equals(endLine)) {
                return at;
            }
            var untidy = lines[at].isBlank() || !lines[at].equals(lines[at].strip()) || lines[at].startsWith("-----");
            if (untidy && !encrypted) {
                return -1;
            }
        }
        return -1;
    }

    private static byte[] decode(List<String> lines) {
        try {
            return Base64.getDecoder().decode(String.join("", lines));
        } catch (IllegalArgumentException notBase64) {
            return null; // a parse error of the certificate or key, which has its own code
        }
    }
}
