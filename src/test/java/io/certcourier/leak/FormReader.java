package io.certcourier.leak;

/** Reads bytes as if they were one {@link Form}: gives the symbols that matter, one by one, whatever stands between them. */
final class FormReader {

    /** Nothing that matters: the next symbol follows the last one. */
    static final int SKIP = -1;
    /** Not this form: what comes next has no connection. */
    static final int BREAK = -2;

    private final Form form;
    private boolean escaped;
    private boolean started;
    private boolean negative;
    private int number;

    FormReader(Form form) {
        this.form = form;
    }

    /** @return 0..255, {@link #SKIP} or {@link #BREAK} */
    int symbol(int octet) {
        return switch (form) {
            case RAW -> octet;
            case BASE64 -> base64(octet);
            case HEX -> hex(octet);
            case NUMBERS -> number(octet);
        };
    }

    private int base64(int octet) {
        if (octet == '\\') { // of \n, of \\n, of \/
            escaped = true;
            return SKIP;
        }
        boolean escape = escaped && (octet == 'n' || octet == 'r' || octet == 't');
        escaped = false;
        if (escape || blank(octet)) {
            return SKIP;
        }
        if (octet >= 'A' && octet <= 'Z' || octet >= 'a' && octet <= 'z' || octet >= '0' && octet <= '9') {
            return octet;
        }
        return switch (octet) {
            case '+', '-' -> '+';
            case '/', '_' -> '/';
            default -> BREAK;
        };
    }

    private int hex(int octet) {
        if (octet >= '0' && octet <= '9' || octet >= 'a' && octet <= 'f') {
            return octet;
        }
        if (octet >= 'A' && octet <= 'F') {
            return octet - 'A' + 'a';
        }
        return octet == ':' || blank(octet) ? SKIP : BREAK;
    }

    private int number(int octet) {
        if (octet >= '0' && octet <= '9') {
            number = started ? number * 10 + octet - '0' : octet - '0';
            started = true;
            if (number > 255) {
                started = false;
                return BREAK;
            }
            return SKIP;
        }
        if (octet == '-' && !started) {
            negative = true;
            return SKIP;
        }
        if (octet == ' ') {
            return SKIP;
        }
        boolean end = started && (octet == ',' || octet == ']');
        int value = (negative ? -number : number) & 0xff;
        started = false;
        negative = false;
        return end ? value : BREAK;
    }

    private static boolean blank(int octet) {
        return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
    }
}
