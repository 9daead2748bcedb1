package io.certcourier.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A real broker: one KRaft node in a JVM of its own, on loopback, with storage that outlives a kill -9. Topics are never made
 * by accident.
 */
public final class LocalKafka implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final ServerFolder folder;
    private final BrokerSettings settings;
    private ChildProcess broker;

    /**
     * A second listener for clients that are to come through a {@link TcpProxy}.
     *
     * @param listenPort where the broker listens; the proxy's upstream
     * @param proxyPort what the broker tells these clients: the proxy's own port
     */
    public record Proxied(int listenPort, int proxyPort) {
    }

    /**
     * A further listener as managed brokers have it: SASL_SSL with SCRAM-SHA-512 and one user.
     *
     * @param certificateAndKey PEM file: the broker's key, its certificate, then what issued it
     */
    public record Secured(int listenPort, Path certificateAndKey, String user, String password) {

        @Override
        public String toString() {
            return user + "@localhost:" + listenPort;
        }
    }

    private LocalKafka(ServerFolder folder, BrokerSettings settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * Starts a broker and returns when it answers.
     *
     * @param dataFolder of its own; storage found there is kept. Its log is broker.log in there
     * @param port on loopback; 0 takes a free one
     */
    public static LocalKafka start(Path dataFolder, int port) {
        return start(dataFolder, port, (Proxied) null);
    }

    /** As {@link #start(Path, int)}, with a second listener for clients that prove who they are. */
    public static LocalKafka start(Path dataFolder, int port, Secured secured) {
        var kafka = start(dataFolder, new BrokerSettings(Ports.orFree(port), Ports.free(), null, secured));
        var password = new UserScramCredentialUpsertion(secured.user(),
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), secured.password());
        try (Admin admin = kafka.admin()) {
            admin.alterUserScramCredentials(List.of(password)).all().toCompletionStage().toCompletableFuture().join();
        }
        return kafka;
    }

    /** As {@link #start(Path, int)}, with a second listener for clients behind a proxy; null for none. */
    public static LocalKafka start(Path dataFolder, int port, Proxied proxied) {
        return start(dataFolder, new BrokerSettings(Ports.orFree(port), Ports.free(), proxied, null));
    }

    private static LocalKafka start(Path dataFolder, BrokerSettings settings) {
        var kafka = new LocalKafka(ServerFolder.hold(dataFolder), settings);
        kafka.startOrRelease();
        return kafka;
    }

    /** The four topics of the service. {@code maxEventBytes} limits a record batch of cert-renewed, in bytes as sent. */
    public static List<NewTopic> productTopics(int maxEventBytes) {
        var outgoing = Map.of("cleanup.policy", "delete", "retention.ms", millis(Duration.ofDays(30)));
        return List.of(
                new NewTopic("cert-renewed", 6, (short) 1).configs(Map.of("cleanup.policy", "delete", "retention.ms",
                        millis(Duration.ofDays(7)), "max.message.bytes", Integer.toString(maxEventBytes))),
                new NewTopic("cert-delivered", 6, (short) 1).configs(outgoing),
                new NewTopic("cert-delivery-failed", 6, (short) 1).configs(outgoing),
                new NewTopic("cert-renewed-dlq", 1, (short) 1).configs(outgoing));
    }

    /** host:port for direct clients. */
    public String bootstrapServers() {
        return "localhost:" + settings.port();
    }

    /** localhost:port of the secured listener. */
    public String securedBootstrapServers() {
        return "localhost:" + settings.secured().listenPort();
    }

    /** host:port for clients behind the proxy. */
    public String proxiedBootstrapServers() {
        return "localhost:" + settings.proxied().proxyPort();
    }

    /** Makes the service's topics as production has them; those that exist stay as they are. */
    public void createTopics() {
        createTopics(productTopics(65536));
    }

    /** Makes these topics; those that exist stay as they are. */
    public void createTopics(Collection<NewTopic> topics) {
        try (Admin admin = admin()) {
            for (var made : admin.createTopics(topics).values().values()) {
                try {
                    made.get(30, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException("cannot create topics", e);
                    }
                }
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker did not create the topics in 30 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** kill -9; the storage stays. */
    public void kill() {
        broker.kill();
    }

    /** An orderly end; the storage stays. */
    public void stop() {
        broker.stop(Duration.ofSeconds(20));
    }

    /**
     * Starts it again on the same port with its storage, after {@link #kill()} or {@link #stop()}, and returns when it answers.
     */
    public void restart() {
        if (broker.isAlive()) {
            throw new IllegalStateException("the broker still runs");
        }
        launch();
    }

    @Override
    public void close() {
        stop();
        folder.close();
    }

    private void startOrRelease() {
        try {
            launch();
        } catch (RuntimeException | Error e) {
            folder.close();
            throw e;
        }
    }

    private void launch() {
        Path storage = folder.resolve("storage");
        folder.write("server.properties", settings.properties(storage));
        var command = List.of(ChildProcess.java(), "-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                BrokerMain.class.getName(),
                folder.resolve("server.properties").toString(), storage.toString());
        broker = ChildProcess.start("broker", command, Map.of("CLASSPATH", ClassPath.withFirst("kafka", "scala")),
                folder.resolve("broker.log"));
        try {
            broker.awaitReady(this::answers, START_LIMIT);
        } catch (RuntimeException | Error e) {
            broker.kill();
            throw e;
        }
    }

    /** The AdminClient would wait and log for as long as the port is shut, so the port is looked at first. */
    private boolean answers() {
        if (!Ports.accepts(settings.port())) {
            return false;
        }
        try (Admin admin = admin()) {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false; // asked again until the limit
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50, AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
