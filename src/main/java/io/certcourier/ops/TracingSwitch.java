package io.certcourier.ops;

import java.util.List;
import java.util.Map;

import org.eclipse.microprofile.config.spi.ConfigSource;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;

/**
 * Switches tracing on where an endpoint for spans is set, and off elsewhere: OpenTelemetry's own default is a collector on this
 * machine, and a complaint about it every few seconds. What is said of quarkus.otel.sdk.disabled itself goes before.
 */
public final class TracingSwitch implements ConfigSourceFactory {

    private static final List<String> ENDPOINTS = List.of("quarkus.otel.exporter.otlp.endpoint",
            "quarkus.otel.exporter.otlp.traces.endpoint");
    /** Below application.properties (250), above the defaults of extensions. */
    private static final int ORDINAL = 10;
    /** Sources of defaults have less. */
    private static final int LEAST_BY_HAND = 100;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        boolean wanted = ENDPOINTS.stream().map(context::getValue).anyMatch(TracingSwitch::setByHand);
        return List.of(new PropertiesConfigSource(Map.of("quarkus.otel.sdk.disabled", Boolean.toString(!wanted)),
                TracingSwitch.class.getSimpleName(), ORDINAL));
    }

    private static boolean setByHand(ConfigValue value) {
        return value != null && value.getValue() != null && !value.getValue().isBlank()
                && value.getConfigSourceOrdinal() >= LEAST_BY_HAND;
    }
}
