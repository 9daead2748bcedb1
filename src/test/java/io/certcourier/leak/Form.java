package io.certcourier.leak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** A way of writing bytes down. What it takes to read one is in {@link FormReader}. */
enum Form {

    /** The bytes themselves; also text. */
    RAW(16) {
        @Override
        List<byte[]> spellings(byte[] secret) {
            return List.of(secret);
        }
    },
    /** Base64 and base64url, PEM, lines of any length, escaped as JSON as often as one likes; also from the middle of it. */
    BASE64(22) {
        @Override
        List<byte[]> spellings(byte[] secret) {
            return IntStream.range(0, 3).mapToObj(offset -> aligned(secret, offset)).toList();
        }
    },
    /** Either case, colons, blanks and line breaks between. */
    HEX(32) {
        @Override
        List<byte[]> spellings(byte[] secret) {
            return List.of(HexFormat.of().formatHex(secret).getBytes(US_ASCII));
        }
    },
    /** As {@link Arrays#toString(byte[])} writes it, signed or not. */
    NUMBERS(16) {
        @Override
        List<byte[]> spellings(byte[] secret) {
            return List.of(secret);
        }
    };

    /** Symbols in a row that count as a leak. */
    final int width;

    Form(int width) {
        this.width = width;
    }

    /** The symbols that {@link FormReader} gives for the secret. */
    abstract List<byte[]> spellings(byte[] secret);

    /** Base64 of the secret somewhere in a longer text, without the characters that it shares with its neighbours. */
    private static byte[] aligned(byte[] secret, int offset) {
        byte[] padded = new byte[offset + secret.length];
        System.arraycopy(secret, 0, padded, offset, secret.length);
        byte[] text = Base64.getEncoder().withoutPadding().encode(padded);
        return Arrays.copyOfRange(text, (offset * 8 + 5) / 6, padded.length * 8 / 6);
    }
}
