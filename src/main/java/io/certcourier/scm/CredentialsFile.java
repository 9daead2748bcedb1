package io.certcourier.scm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A file with an account's keys, as Huawei's IAM answers them: {@code access}, {@code secret}, {@code securitytoken} and
 * {@code expires_at} (ISO 8601), as they are or inside {@code credential}; the last two may be missing. Whoever writes it may
 * do so at any time and in any way.
 */
final class CredentialsFile {

    private static final int LARGEST = 64 * 1024;

    /** The file has no usable credentials now. The message names the file and none of its content. */
    static final class Unusable extends Exception {
        private Unusable(String message) {
            super(message, null, false, false);
        }
    }

    private final Path path;

    CredentialsFile(Path path) {
        this.path = path;
    }

    /** @throws Unusable it is missing, half-written, or says something else */
    Credentials read() throws Unusable {
        JsonNode root = ScmJson.tree(bytes()).filter(JsonNode::isObject).orElseThrow(() -> unusable("is not a JSON object"));
        JsonNode keys = root.path("credential").isObject() ? root.path("credential") : root;
        String access = text(keys, "access");
        String secret = text(keys, "secret");
        if (access == null || secret == null) {
            throw unusable("has no \"access\" or no \"secret\"");
        }
        return new Credentials(access, secret, text(keys, "securitytoken"), time(keys));
    }

    private byte[] bytes() throws Unusable {
        try (InputStream file = Files.newInputStream(path)) {
            return file.readNBytes(LARGEST);
        } catch (IOException e) {
            throw unusable("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Null if it is missing. */
    private String text(JsonNode keys, String name) throws Unusable {
        JsonNode value = keys.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || !Credentials.fitForHeader(value.textValue())) {
            throw unusable("has a \"" + name + "\" that is not printable ASCII without spaces");
        }
        return value.textValue();
    }

    private Instant time(JsonNode keys) throws Unusable {
        String text = text(keys, "expires_at");
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw unusable("has an \"expires_at\" that is not a time like 2026-01-31T08:00:00Z");
        }
    }

    private Unusable unusable(String what) {
        return new Unusable(path + " " + what);
    }
}
