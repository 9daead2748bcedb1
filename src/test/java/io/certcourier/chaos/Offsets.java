package io.certcourier.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

import io.certcourier.chaos.Story.Sent;
import io.certcourier.flow.Flow;

/** I11: what is committed to the group is stored; anything else would be skipped after a crash. */
final class Offsets {

    private static final String GROUP = "certcourier";
    private static final String TOPIC = "cert-renewed";

    private Offsets() {
    }

    static List<Violation> checkNotAhead(Flow flow, List<Sent> sent) {
        var committed = committed(flow);
        return sent.stream().filter(record -> {
            var next = committed.get(new TopicPartition(TOPIC, record.partition()));
            return next != null && record.offset() < next.offset() && flow.state(record.event().renewalId()) == null;
        }).map(record -> Violation.lost("I11", record.event().renewalId() + " is committed and not stored")).toList();
    }

    /** Once the broker has noticed that nobody of the group lives. */
    static void forget(Flow flow) {
        try (var admin = admin(flow)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreException(ExecutionException.class)
                    .until(() -> admin.deleteConsumerGroups(List.of(GROUP)).all().get() == null);
        }
    }

    static Admin admin(Flow flow) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, flow.platform().kafka().bootstrapServers()));
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Flow flow) {
        try (var admin = admin(flow)) {
            return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
