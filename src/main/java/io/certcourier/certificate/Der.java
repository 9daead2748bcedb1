package io.certcourier.certificate;

import java.util.Arrays;

/**
 * Just enough DER to tell key containers apart and to wrap them: reads one level of elements, writes one element.
 * Every reading method throws IllegalArgumentException if the next element is another one or does not fit.
 */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;
    static final int CONTEXT_0 = 0xa0;

    private final byte[] bytes;
    private final int end;
    private int position;

    private Der(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    /** Reads in the array, without a copy. */
    static Der of(byte[] bytes) {
        return new Der(bytes, 0, bytes.length);
    }

    boolean nextIs(int tag) {
        return position < end && (bytes[position] & 0xff) == tag;
    }

    /** Steps over the next element and gives its content to read. */
    Der enter(int tag) {
        if (!nextIs(tag)) {
            throw new IllegalArgumentException("another element was expected");
        }
        position++;
        int length = length();
        if (length < 0 || length > end - position) {
            throw new IllegalArgumentException("element is longer than its container");
        }
        Der content = new Der(bytes, position, position + length);
        position += length;
        return content;
    }

    /** The next element as it stands, tag and length included. */
    byte[] take(int tag) {
        int start = position;
        enter(tag);
        return Arrays.copyOfRange(bytes, start, position);
    }

    void requireEnd() {
        if (position != end) {
            throw new IllegalArgumentException("more elements than expected");
        }
    }

    private int length() {
        int first = next();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 3) {
            throw new IllegalArgumentException("length is indefinite or absurd");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | next();
        }
        return length;
    }

    private int next() {
        if (position >= end) {
            throw new IllegalArgumentException("element is cut off");
        }
        return bytes[position++] & 0xff;
    }

    /** One element whose content is the given parts, one after the other; at most 65535 bytes of content. */
    static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] header = header(tag, length);
        byte[] element = Arrays.copyOf(header, header.length + length);
        int at = header.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, element, at, part.length);
            at += part.length;
        }
        return element;
    }

    private static byte[] header(int tag, int length) {
        if (length < 0x80) {
            return new byte[] { (byte) tag, (byte) length };
        }
        if (length < 0x100) {
            return new byte[] { (byte) tag, (byte) 0x81, (byte) length };
        }
        if (length < 0x10000) {
            return new byte[] { (byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length };
        }
        throw new IllegalArgumentException("content is longer than 65535 bytes");
    }
}
