package io.certcourier.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import io.certcourier.flow.Flow;
import io.certcourier.flow.TestEvent;
import io.certcourier.flow.TopicLog;

/** One cell's renewals: what was sent, and where ledger and topics stood before. Its certificate names are its own. */
final class Story {

    private static final Duration PATIENCE = Duration.ofSeconds(200);

    private final Flow flow;
    private final String prefix;
    private final long ledgerFrom;
    private TopicLog topics;
    private int topicsFrom;
    private final Map<UUID, Sent> sent = new LinkedHashMap<>();

    /** A record the broker has confirmed. */
    record Sent(TestEvent event, int partition, long offset) {
    }

    Story(Flow flow, String name) {
        this.flow = flow;
        this.prefix = name.toLowerCase(java.util.Locale.ROOT) + "-" + UUID.randomUUID().toString().substring(0, 6);
        var calls = flow.ledger().entries();
        this.ledgerFrom = calls.isEmpty() ? 0 : calls.get(calls.size() - 1).sequence();
        this.topics = flow.topics();
        this.topicsFrom = topics.all().size();
    }

    /** For topics that were made again: a reader that goes on would go on in the middle. */
    void readTopicsAnew() {
        topics = new TopicLog(flow.platform().kafka().bootstrapServers());
        topicsFrom = 0;
    }

    String prefix() {
        return prefix;
    }

    /** Renewals of as many fresh certificate names. */
    Story sendFresh(int count) {
        for (int i = 0; i < count; i++) {
            send(TestEvent.fresh(prefix));
        }
        return this;
    }

    /** A certificate name with several renewals; the sequence says which is newer. */
    List<TestEvent> generations(int count) {
        String name = Flow.freshName(prefix);
        var events = new ArrayList<TestEvent>();
        for (int i = 1; i <= count; i++) {
            events.add(TestEvent.of(name, Flow.CA.issue(name)).with("sequence", i));
        }
        return events;
    }

    void send(TestEvent event) {
        remember(event, flow.send(event));
    }

    /** A fresh renewal, into a partition that its key would not choose. */
    void sendTo(int partition) {
        var event = TestEvent.fresh(prefix);
        remember(event, flow.send(new ProducerRecord<>("cert-renewed", partition, event.certificateName(), event.data(),
                event.headers())));
    }

    private void remember(TestEvent event, RecordMetadata where) {
        sent.putIfAbsent(event.renewalId(), new Sent(event, where.partition(), where.offset()));
    }

    List<Sent> sent() {
        return List.copyOf(sent.values());
    }

    /** How many of its renewals are stored. */
    long stored() {
        return count("true");
    }

    /** How many of its renewals have ended. */
    long ended() {
        return count("ended_at IS NOT NULL");
    }

    private long count(String condition) {
        return (Long) flow
                .query("SELECT count(*) AS n FROM renewal WHERE certificate_name LIKE ? AND " + condition, prefix + "%")
                .get(0).get("n");
    }

    /**
     * Waits until nothing more will happen: all ended, all told; or until patience ends, and the evidence shows what is
     * missing.
     */
    void awaitSettled() {
        try {
            Awaitility.await(prefix + " settles").atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).ignoreExceptions()
                    .until(() -> count("true") >= sent.size() && count("ended_at IS NULL") == 0
                            && flow.query("SELECT 1 FROM outbox WHERE parked_at IS NULL").isEmpty() && Evidence
                                    .outcomes(topics, topicsFrom).keySet().containsAll(sent.keySet()));
        } catch (ConditionTimeoutException e) {
            System.out.println(prefix + " did not settle within " + PATIENCE);
        }
    }

    Evidence evidence() {
        return Evidence.gather(flow, prefix, sent(), ledgerFrom, Evidence.outcomes(topics, topicsFrom));
    }
}
