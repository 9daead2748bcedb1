package io.certcourier.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.certcourier.intake.Recipient;
import io.certcourier.local.KeysetCommand;
import io.certcourier.local.LocalKafka;
import io.certcourier.local.LocalPostgres;
import io.certcourier.local.scm.EmulatedAccount;
import io.certcourier.local.scm.ScmEmulator;

/** A real broker, a real database and the SCM emulator on free ports, with topics, accounts and a keyset. */
public final class Platform implements AutoCloseable {

    /** Targets that every account allows. */
    public static final String TARGETS = "CDN,ELB@cn-north-4,WAF@cn-north-4";
    /** An account of its own for tests that break the account. */
    public static final String FRAGILE = "fragile";

    private static final String FRAGILE_ACCESS_KEY = "AKFRAGILE00000000001";
    private static final String FRAGILE_SECRET_KEY = "SKfragile0NotASecret0For0Local0Use0000001";

    private final Path folder;
    private final LocalKafka kafka;
    private final LocalPostgres postgres;
    private final ScmEmulator scm;
    private final Recipient recipient = new Recipient("platform");

    /** @param secured a further listener of the broker; null for none */
    private Platform(Path folder, LocalKafka.Secured secured) {
        this.folder = folder;
        // larger records than in production, so that the service's own limit is what refuses them
        this.kafka = secured == null ? LocalKafka.start(folder.resolve("kafka"), 0)
                : LocalKafka.start(folder.resolve("kafka"), 0, secured);
        this.postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
        this.scm = ScmEmulator.start(0);
        kafka.createTopics(LocalKafka.productTopics(2 * 1024 * 1024));
        scm.addAccount(new EmulatedAccount(FRAGILE, "fedcba9876543210fedcba9876543210", Set.of("cn-north-4"))
                .withKey(FRAGILE_ACCESS_KEY, FRAGILE_SECRET_KEY));
    }

    public static Platform start(Path folder) {
        return start(folder, null);
    }

    public static Platform start(Path folder, LocalKafka.Secured secured) {
        try {
            deleteAll(folder);
            Files.createDirectories(folder);
            var platform = new Platform(folder, secured);
            KeysetCommand.write(platform.keyset());
            platform.recipient.fileIn(folder);
            return platform;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an earlier run stored was sealed with another keyset. */
    private static void deleteAll(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path keyset() {
        return folder.resolve("keyset.json");
    }

    /** The service's configuration, by key. */
    public Map<String, String> configuration() {
        var keys = new LinkedHashMap<String, String>();
        keys.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        keys.put("quarkus.datasource.jdbc.url", postgres.jdbcUrl());
        keys.put("quarkus.datasource.username", postgres.user());
        keys.put("quarkus.datasource.password", postgres.password());
        keys.put("quarkus.http.host", "127.0.0.1");
        keys.put("quarkus.http.port", "0");
        keys.put("quarkus.management.host", "127.0.0.1");
        keys.put("quarkus.management.port", "0");
        keys.put("certcourier.intake.allow-plaintext-keys", "true");
        keys.put("certcourier.ops.allow-anonymous", "true");
        keys.put("certcourier.ops.requests-per-minute", "60000");
        keys.put("certcourier.intake.recipient-keys", folder.resolve("recipient-keys.json").toAbsolutePath().toString());
        keys.put("certcourier.renewal.keyset", keyset().toAbsolutePath().toString());
        // the smallest lease that the call deadline allows, so that tests of lost owners are short
        keys.put("certcourier.renewal.lease", "9s");
        keys.put("certcourier.renewal.backoff.initial", "400ms");
        keys.put("certcourier.renewal.backoff.max", "2s");
        keys.put("certcourier.scm.call-deadline", "3s");
        account(keys, "default", ScmEmulator.ACCESS_KEY, ScmEmulator.SECRET_KEY);
        account(keys, FRAGILE, FRAGILE_ACCESS_KEY, FRAGILE_SECRET_KEY);
        return keys;
    }

    private void account(Map<String, String> keys, String name, String accessKey, String secretKey) {
        String prefix = "certcourier.scm.accounts." + name + ".";
        keys.put(prefix + "endpoint", scm.endpoint().toString());
        keys.put(prefix + "access-key", accessKey);
        keys.put(prefix + "secret-key", secretKey);
        keys.put(prefix + "targets", TARGETS);
        for (String operation : new String[] { "import", "list", "show", "push", "batch-push" }) {
            keys.put(prefix + "budget." + operation, "60000");
        }
    }

    public LocalKafka kafka() {
        return kafka;
    }

    public LocalPostgres postgres() {
        return postgres;
    }

    public ScmEmulator scm() {
        return scm;
    }

    public Connection database() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    /** Whom producers may encrypt private keys to. */
    public Recipient recipient() {
        return recipient;
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        scm.close();
        postgres.close();
        kafka.close();
    }
}
