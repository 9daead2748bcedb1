package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.MALFORMED_JSON;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * JSON that two parsers cannot read differently: UTF-8, no member twice, nothing after the value, nesting of at most 20.
 * Jackson's messages quote the offending text, so none of them leaves.
 */
final class StrictJson {

    static final int MAX_NESTING = 20;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // a table of names that all records share, and that names of one hash break for those that follow
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build());

    private StrictJson() {
    }

    /** @throws Refused MALFORMED_JSON */
    static JsonNode parse(byte[] bytes) {
        JsonNode json;
        // decoded here: from bytes Jackson would also guess UTF-16 and UTF-32
        CharBuffer text = decode(bytes);
        try (var parser = JSON.createParser(text.array(), text.arrayOffset(), text.length())) {
            json = JSON.readTree(parser);
            if (json == null || parser.nextToken() != null) {
                throw new Refused(MALFORMED_JSON, "The value is not exactly one JSON value.");
            }
        } catch (IOException e) {
            throw new Refused(MALFORMED_JSON, "The value is not strict JSON: syntax, a member twice, or nesting over "
                    + MAX_NESTING + ".");
        }
        if (!encodable(json, StandardCharsets.UTF_8.newEncoder())) {
            throw new Refused(MALFORMED_JSON, "A string of the value holds half a surrogate pair.");
        }
        return json;
    }

    private static CharBuffer decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new Refused(MALFORMED_JSON, "The value is not UTF-8.");
        }
    }

    /** Escapes can spell what UTF-8 cannot ("\\ud800"): no two systems store or hash it alike, and PostgreSQL refuses it. */
    private static boolean encodable(JsonNode node, CharsetEncoder utf8) {
        if (node.isTextual()) {
            return utf8.canEncode(node.textValue());
        }
        for (var member : node.properties()) {
            if (!utf8.canEncode(member.getKey())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!encodable(child, utf8)) {
                return false;
            }
        }
        return true;
    }
}
