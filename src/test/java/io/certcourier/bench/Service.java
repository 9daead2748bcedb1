package io.certcourier.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.certcourier.flow.ServiceProcess;

/** The packaged jar with its production defaults, in one process per replica; events come by Kafka, outcomes go there. */
final class Service implements Contestant {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Beside other load a start takes its time; how long it took is reported. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final int NO_LIMIT = 600_000;

    private final Stage stage;
    private final List<ServiceProcess> replicas = new ArrayList<>();
    private final KafkaProducer<String, byte[]> producer;
    private final Outcomes outcomes;
    private final int callsPerMinute;
    private double startSeconds;

    Service(Stage stage, Setup setup) {
        this.stage = stage;
        this.callsPerMinute = setup.callsPerMinute() == 0 ? NO_LIMIT : setup.callsPerMinute();
        var settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stage.platform().kafka().bootstrapServers());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        this.outcomes = new Outcomes(stage.platform().kafka().bootstrapServers());
        scale(setup.replicas());
    }

    /** Starts or ends replicas until there are so many; true if one was started, which is slow at first. */
    boolean scale(int wanted) {
        while (replicas.size() > wanted) {
            replicas.remove(replicas.size() - 1).terminate();
        }
        boolean more = replicas.size() < wanted;
        while (replicas.size() < wanted) {
            long start = System.nanoTime();
            replicas.add(ServiceProcess.startMeasured(Stage.FOLDER.resolve("service.log"), configuration(), Jvm.FLAGS)
                    .awaitReady(START_LIMIT));
            startSeconds = (System.nanoTime() - start) / 1e9;
        }
        return more;
    }

    private Map<String, String> configuration() {
        var keys = new HashMap<>(stage.platform().configuration());
        // those of tests that wait for a lost owner: the defaults are what is measured
        List.of("certcourier.renewal.lease", "certcourier.renewal.backoff.initial", "certcourier.renewal.backoff.max",
                "certcourier.scm.call-deadline", "certcourier.intake.allow-plaintext-keys").forEach(keys::remove);
        keys.keySet().removeIf(key -> key.startsWith("certcourier.scm.accounts.fragile."));
        keys.put("certcourier.renewal.concurrency", Integer.toString(Setup.CONCURRENCY));
        String account = "certcourier.scm.accounts.default.";
        keys.put(account + "endpoint", stage.cloud().endpoint().toString());
        keys.put(account + "targets", String.join(",", Setup.allTargets()));
        for (String operation : List.of("import", "list", "show", "push", "batch-push")) {
            keys.put(account + "budget." + operation, Integer.toString(callsPerMinute));
        }
        return keys;
    }

    @Override
    public String name() {
        return "certcourier";
    }

    /** From the start of the process until it says that it is ready. */
    double startSeconds() {
        return startSeconds;
    }

    @Override
    public int renewals(Setup setup) {
        return setup.backlog();
    }

    @Override
    public LongStream pids() {
        return replicas.stream().mapToLong(ServiceProcess::pid);
    }

    @Override
    public Delivery deliver(Setup setup, int renewals) {
        outcomes.forget();
        var sent = send(setup, stage.samples(renewals));
        var limit = Instant.now().plus(PATIENCE);
        while (outcomes.told() < renewals && Instant.now().isBefore(limit)) {
            pause(20);
        }
        long first = sent.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        long last = outcomes.delivered().values().stream().mapToLong(Long::longValue).max().orElse(first);
        boolean all = outcomes.delivered().keySet().equals(sent.keySet()) && outcomes.failed().isEmpty();
        var millis = outcomes.delivered().entrySet().stream().filter(told -> sent.containsKey(told.getKey()))
                .mapToLong(told -> told.getValue() - sent.get(told.getKey())).sorted().toArray();
        return new Delivery(millis, (last - first) / 1000.0, all ? null
                : "%d events, %d delivered, %d failed".formatted(renewals, outcomes.delivered().size(),
                        outcomes.failed().size()));
    }

    Outcomes outcomes() {
        return outcomes;
    }

    /** The first replica. */
    ServiceProcess process() {
        return replicas.get(0);
    }

    /** Sends one event each, and answers when each was sent, in milliseconds of the epoch. */
    Map<UUID, Long> send(Setup setup, List<Sample> samples) {
        var sent = new HashMap<UUID, Long>();
        for (var sample : samples) {
            var event = sample.eventFor(setup.targetNames());
            long now = System.currentTimeMillis();
            producer.send(new ProducerRecord<>("cert-renewed", null, now, event.certificateName(), event.data(),
                    event.headers()));
            sent.put(sample.renewalId(), now);
        }
        producer.flush();
        return sent;
    }

    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        replicas.forEach(replica -> {
            if (replica.isAlive()) {
                replica.terminate();
            }
        });
        outcomes.close();
        producer.close();
    }
}
