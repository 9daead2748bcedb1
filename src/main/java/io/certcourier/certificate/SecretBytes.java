package io.certcourier.certificate;

import java.util.Arrays;

/** Key material in memory: prints nothing, is not serialisable, and is overwritten on close. */
public final class SecretBytes implements AutoCloseable {

    private byte[] bytes;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over: it is zeroed on {@link #close()}, so the caller must not use it any more. */
    public static SecretBytes taking(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    /**
     * The bytes themselves, not a copy; they turn to zeros on close.
     *
     * @throws IllegalStateException already closed
     */
    public byte[] reveal() {
        if (bytes == null) {
            throw new IllegalStateException("secret is closed");
        }
        return bytes;
    }

    @Override
    public void close() {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
            bytes = null;
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
