package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

import io.certcourier.certificate.SecretBytes;

/**
 * The JSON of an import, written as bytes because it holds the private key: no String is made of the key, and close overwrites
 * the copies that are ours. (The HTTP client's buffers are out of reach.)
 */
final class ImportBody implements AutoCloseable {

    private final Ascii json;
    private final byte[] bytes;

    /**
     * @param enterpriseProjectId null to leave it out
     * @throws IllegalArgumentException a value is not ASCII
     */
    ImportBody(String name, String leafPem, String chainPem, SecretBytes keyPem, String enterpriseProjectId) {
        byte[] key = keyPem.reveal();
        // every character can need an escape of two, so the buffer never grows and leaves no copy behind
        json = new Ascii(256 + 2 * (name.length() + leafPem.length() + chainPem.length() + key.length));
        try {
            write(name, leafPem, chainPem, key, enterpriseProjectId);
        } catch (IllegalArgumentException e) {
            json.wipe();
            throw e;
        }
        bytes = json.toByteArray();
    }

    private void write(String name, String leafPem, String chainPem, byte[] key, String enterpriseProjectId) {
        json.raw("{\"name\":").quoted(name.getBytes(UTF_8));
        json.raw(",\"certificate\":").quoted(leafPem.getBytes(UTF_8));
        json.raw(",\"certificate_chain\":").quoted(chainPem.getBytes(UTF_8));
        json.raw(",\"private_key\":").quoted(key);
        if (enterpriseProjectId != null) {
            json.raw(",\"enterprise_project_id\":").quoted(enterpriseProjectId.getBytes(UTF_8));
        }
        // named backwards by SCM: false refuses a certificate that is there already
        json.raw(",\"duplicate_check\":false}");
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
        json.wipe();
    }

    private static final class Ascii extends ByteArrayOutputStream {

        Ascii(int size) {
            super(size);
        }

        Ascii raw(String text) {
            writeBytes(text.getBytes(UTF_8));
            return this;
        }

        void quoted(byte[] text) {
            write('"');
            for (byte octet : text) {
                switch (octet) {
                    case '\n' -> raw("\\n");
                    case '\r' -> raw("\\r");
                    case '\t' -> raw("\\t");
                    case '"' -> raw("\\\"");
                    case '\\' -> raw("\\\\");
                    default -> write(plain(octet));
                }
            }
            write('"');
        }

        private static int plain(byte octet) {
            if (octet < ' ' || octet > '~') {
                throw new IllegalArgumentException("name, certificates and key must be ASCII");
            }
            return octet;
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
