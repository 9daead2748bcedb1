package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.certcourier.certificate.SecretBytes;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Fixtures: a configuration with one valid account, and a client of it. */
final class Scm {

    static final String ACCESS_KEY = "AKTEST0EXAMPLE000001";
    static final String SECRET_KEY = "SKtest0Example0SecretKey0For0Vectors0001";
    static final String TOKEN = "gAAAAABexample+Security/Token==Zz0-_";
    static final String KEY_PEM = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEG+/==\n-----END PRIVATE KEY-----";

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    private final List<ScmCall> told = new CopyOnWriteArrayList<>();

    private Scm() {
    }

    static Scm aConfig() {
        return new Scm().withAccount("endpoint", "https://scm.cn-north-4.myhuaweicloud.com")
                .withAccount("access-key", ACCESS_KEY)
                .withAccount("secret-key", SECRET_KEY).withAccount("targets", "CDN,ELB@cn-north-4,WAF@cn-north-4");
    }

    Scm with(String key, String value) {
        properties.put("certcourier.scm." + key, value);
        return this;
    }

    Scm withVariable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Of account {@code prod}. */
    Scm withAccount(String key, String value) {
        return with("accounts.prod." + key, value);
    }

    Scm at(URI endpoint) {
        return withAccount("endpoint", endpoint.toString());
    }

    Scm deadline(Duration deadline) {
        return with("call-deadline", deadline.toMillis() + "ms");
    }

    ScmConfig config() {
        SmallRyeConfig config = new SmallRyeConfigBuilder().withMapping(ScmConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100), new EnvConfigSource(environment, 300))
                .build();
        return config.getConfigMapping(ScmConfig.class);
    }

    ScmAccounts accounts() {
        return new ScmAccounts(config(), Clock.systemUTC());
    }

    ScmClient client(InstantSource clock, PlainConnections connections) {
        return client(clock, connections, told::add);
    }

    ScmClient client(InstantSource clock, PlainConnections connections, Consumer<ScmCall> listener) {
        ScmConfig config = config();
        ScmErrors errors = new ScmErrors();
        return new ScmClient(new ScmAccounts(config, clock), new ScmCalls(connections, errors, config), errors, config,
                listener);
    }

    /** What the clients told about their calls. */
    List<ScmCall> told() {
        return told;
    }

    static SecretBytes aKey() {
        return SecretBytes.taking(KEY_PEM.getBytes(US_ASCII));
    }
}
