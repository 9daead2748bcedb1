package io.certcourier.scm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON to and from SCM, with a mapper of its own: what the application's mapper is taught for other APIs must not change what
 * we sign. Parse errors quote their input, so none leaves this class.
 */
final class ScmJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ScmJson() {
    }

    static byte[] write(Object body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty if the bytes are not JSON of that shape. Unknown fields are ignored, missing ones are null. */
    static <T> Optional<T> read(byte[] bytes, Class<T> shape) {
        try {
            return Optional.ofNullable(MAPPER.readValue(bytes, shape));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<JsonNode> tree(byte[] bytes) {
        return read(bytes, JsonNode.class);
    }
}
