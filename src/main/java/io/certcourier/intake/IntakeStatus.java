package io.certcourier.intake;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.certcourier.outcome.Channel;
import io.certcourier.outcome.ReasonCode;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;

/** What probes and metrics may know of intake. Counters begin at 0 with the process and never fall. */
@Singleton
public class IntakeStatus {

    private final Map<String, Map<Envelope.Form, LongAdder>> received = Channel.ALL.stream()
            .collect(Collectors.toUnmodifiableMap(channel -> channel, channel -> counters(Envelope.Form.class)));
    private final Map<ReasonCode, LongAdder> rejected = counters(ReasonCode.class);
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder unknownFields = new LongAdder();
    private final LongAdder plaintextKeys = new LongAdder();
    private final Supplier<OptionalDouble> secondsSincePoll;
    private final InstantSource clock;
    private volatile boolean waitingForDatabase;

    @Inject
    IntakeStatus(KafkaClientService clients, InstantSource clock) {
        this(() -> secondsSincePoll(clients), clock);
    }

    IntakeStatus(Supplier<OptionalDouble> secondsSincePoll, InstantSource clock) {
        this.secondsSincePoll = secondsSincePoll;
        this.clock = clock;
    }

    /** The forms that {@link #received} counts: binary, structured, plain. */
    public static List<String> forms() {
        return Arrays.stream(Envelope.Form.values()).map(form -> form.name().toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * Events read, redelivered records included.
     *
     * @param channel one of {@link Channel#ALL}
     * @param form one of {@link #forms()}
     */
    public long received(String channel, String form) {
        return received.get(channel).get(Envelope.Form.valueOf(form.toUpperCase(Locale.ROOT))).sum();
    }

    /** Records refused for this reason, each told once. */
    public long rejected(ReasonCode reason) {
        return rejected.get(reason).sum();
    }

    /** Records that changed nothing because their event, or their refusal, is known. */
    public long duplicates() {
        return duplicates.sum();
    }

    /** Members of event data that the schema does not have. */
    public long unknownFields() {
        return unknownFields.sum();
    }

    /** Events whose private key came in clear, accepted or not. */
    public long plaintextKeys() {
        return plaintextKeys.sum();
    }

    /** True while records wait for a database that does not take them; nothing is acknowledged meanwhile. */
    public boolean waitingForDatabase() {
        return waitingForDatabase;
    }

    /**
     * When the Kafka client last asked for records, also on a topic where nothing happens. Empty: not yet, or the consumer is
     * closed.
     */
    public Optional<Instant> lastPoll() {
        OptionalDouble seconds = secondsSincePoll.get();
        return seconds.isEmpty() ? Optional.empty()
                : Optional.of(clock.instant().minusMillis(Math.round(seconds.getAsDouble() * 1000)));
    }

    void countReceived(Reading reading) {
        received.get(reading.trace().place().channel()).get(reading.form()).increment();
        if (reading instanceof Reading.Event event) {
            unknownFields.add(event.unknownFields());
            plaintextKeys.add(event.plaintextKey() ? 1 : 0);
        }
    }

    void countRejected(ReasonCode reason) {
        rejected.get(reason).increment();
    }

    void countDuplicates(int records) {
        duplicates.add(records);
    }

    void waitingForDatabase(boolean waiting) {
        waitingForDatabase = waiting;
    }

    /** The client's own meter: the channel sees a poll only if it brought records. */
    private static OptionalDouble secondsSincePoll(KafkaClientService clients) {
        var consumer = clients.getConsumer(CertRenewedConsumer.CHANNEL);
        return consumer == null ? OptionalDouble.empty()
                : consumer.unwrap().metrics().values().stream()
                        .filter(metric -> metric.metricName().name().equals("last-poll-seconds-ago"))
                        .map(metric -> metric.metricValue())
                        .filter(Number.class::isInstance)
                        .mapToDouble(value -> ((Number) value).doubleValue())
                        .filter(seconds -> seconds >= 0) // -1: no poll yet
                        .min();
    }

    private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> kind) {
        var counters = new EnumMap<E, LongAdder>(kind);
        for (E constant : kind.getEnumConstants()) {
            counters.put(constant, new LongAdder());
        }
        return counters;
    }
}
