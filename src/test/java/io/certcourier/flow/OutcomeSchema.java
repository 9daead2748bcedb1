package io.certcourier.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import io.certcourier.flow.TopicLog.Message;

/** Checks outcome events against the published schemas. */
public final class OutcomeSchema {

    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private OutcomeSchema() {
    }

    public static java.util.List<Error> problems(Message message) {
        return SCHEMAS.computeIfAbsent(message.topic(), OutcomeSchema::load).validate(message.json(),
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    private static Schema load(String topic) {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(Path.of("schemas", topic + ".schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
