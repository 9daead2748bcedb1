package io.certcourier.renewal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.certcourier.outcome.Outcome.Certificate;
import io.certcourier.outcome.Outcome.Failure;

/** The jsonb columns of our own tables: facts, labels, failures. Never input that was not checked, never a key. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {
    };

    private Json() {
    }

    /** Null stays null. */
    static String write(Object value) {
        try {
            return value == null ? null : MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Failure failure(String json) {
        return read(json, Failure.class);
    }

    /** Null for a renewal whose certificate was never read. */
    static Certificate certificate(String json) {
        return json == null || "{}".equals(json) ? null : read(json, Certificate.class);
    }

    static Map<String, String> labels(String json) {
        try {
            return MAPPER.readValue(json, LABELS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return json == null ? null : MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
