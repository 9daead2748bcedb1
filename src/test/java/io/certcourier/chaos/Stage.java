package io.certcourier.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

import io.certcourier.chaos.agent.AgentJar;
import io.certcourier.chaos.agent.StrikeOrder;
import io.certcourier.flow.Flow;
import io.certcourier.flow.Platform;
import io.certcourier.flow.ServiceProcess;

/**
 * Broker, database and emulator, shared by all cells, and the service's processes of the cell that runs. One database and one
 * topic for all: a cell that leaves something behind is found by the next.
 */
final class Stage implements AutoCloseable {

    static final Path FOLDER = Path.of("target", "chaos");
    static final Duration LEASE = Duration.ofSeconds(9);

    private final Platform platform = Platform.start(FOLDER.resolve("platform"));
    private final Flow flow = new Flow(platform);
    private final Path strikeAgent = AgentJar.strike(FOLDER.resolve("strike-agent.jar"));
    private final Path clockAgent = AgentJar.clock(FOLDER.resolve("clock-agent.jar"));
    private final Report report = new Report();
    private final List<ServiceProcess> processes = new ArrayList<>();
    private int started;

    Stage() {
        awaitTopicLog();
    }

    /** The first assignment of a new group takes its time, which is not the service's. */
    private void awaitTopicLog() {
        flow.send(new ProducerRecord<>("cert-renewed-dlq", "warm-up", null));
        Awaitility.await("the topics are read").atMost(Duration.ofSeconds(120)).until(() -> !flow.topics().all().isEmpty());
    }

    Flow flow() {
        return flow;
    }

    Platform platform() {
        return platform;
    }

    Report report() {
        return report;
    }

    /** A file that does not exist yet. */
    Path freshMark() {
        return FOLDER.resolve("struck-" + ++started + ".mark");
    }

    /** Starts a replica and waits until it is ready. */
    ServiceProcess start() {
        return start(Map.of());
    }

    ServiceProcess start(Map<String, String> overrides, String... options) {
        var configuration = new HashMap<>(platform.configuration());
        configuration.put("certcourier.renewal.poll", "500ms");
        // the broker's least: how long the partitions of a killed replica wait for another
        configuration.put("mp.messaging.incoming.cert-renewed.session.timeout.ms", "6000");
        configuration.put("mp.messaging.incoming.cert-renewed.heartbeat.interval.ms", "2000");
        // how long a new partition goes unnoticed, else 5 minutes
        configuration.put("mp.messaging.incoming.cert-renewed.metadata.max.age.ms", "5000");
        configuration.putAll(overrides);
        var process = ServiceProcess.start(FOLDER.resolve("service.log"), configuration, options);
        processes.add(process);
        return process.awaitReady();
    }

    /** Starts a replica that is struck where the order says. */
    ServiceProcess startStruck(StrikeOrder order) {
        try {
            Files.deleteIfExists(order.mark());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return start(Map.of(), "-javaagent:" + strikeAgent + "=" + order.argument());
    }

    /** Starts a replica whose clock is wrong. */
    ServiceProcess startAhead(Duration offset) {
        return start(Map.of(), "-javaagent:" + clockAgent + "=" + offset);
    }

    /** Replicas that run or are stopped by a signal. */
    List<ServiceProcess> alive() {
        return processes.stream().filter(ServiceProcess::isAlive).toList();
    }

    /** Starts replicas until there are so many. */
    void startUpTo(int replicas) {
        while (alive().size() < replicas) {
            start();
        }
    }

    static void signal(ServiceProcess process, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the fault last; what is watched must hold all the while. */
    static void during(Duration time, BooleanSupplier watched) {
        Awaitility.await().during(time).atMost(time.plusSeconds(5)).pollInterval(Duration.ofMillis(500))
                .until(watched::getAsBoolean);
    }

    /** I12: an outage of others is no reason to be restarted. */
    boolean allLive() {
        return alive().stream().allMatch(process -> process.status("/q/health/live") == 200);
    }

    /** Ends all replicas as kill -9 does. */
    void clear() {
        processes.forEach(ServiceProcess::kill);
        processes.clear();
    }

    /** The cloud works again; its certificates stay. */
    void heal() {
        flow.scm().faults().clear();
        flow.scm().switches().reset();
        flow.scm().account().permitAll();
    }

    /** The cloud as it was at first: a few hundred old certificates would make every look long. */
    void emptyCloud() {
        flow.scm().reset();
    }

    @Override
    public void close() {
        clear();
        heal();
        flow.close();
        platform.close();
        report.close();
    }
}
