package io.certcourier.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

import io.smallrye.reactive.messaging.annotations.Blocking;

/**
 * Takes what one poll brought. Returning acknowledges it, so it returns only when all is stored. It throws only if the
 * application stops before that: a throw would stop the channel.
 */
@ApplicationScoped
class CertRenewedConsumer {

    static final String CHANNEL = "cert-renewed";

    private static final Logger LOG = Logger.getLogger(CertRenewedConsumer.class);

    private final EventReader reader;
    private final IntakeTransaction transaction;
    private final IntakeStatus status;
    private final Consumer<EventArrived> arrivals;

    @Inject
    CertRenewedConsumer(EventReader reader, IntakeTransaction transaction, IntakeStatus status, Event<EventArrived> arrivals) {
        this(reader, transaction, status, (Consumer<EventArrived>) arrivals::fire);
    }

    CertRenewedConsumer(EventReader reader, IntakeTransaction transaction, IntakeStatus status,
            Consumer<EventArrived> arrivals) {
        this.reader = reader;
        this.transaction = transaction;
        this.status = status;
        this.arrivals = arrivals;
    }

    @Incoming(CHANNEL)
    @Blocking
    void consume(ConsumerRecords<byte[], byte[]> batch) {
        List<RecordSpan> spans = new ArrayList<>(batch.count());
        try {
            for (ConsumerRecord<byte[], byte[]> record : batch) {
                var span = RecordSpan.over(reader.read(IncomingRecord.of(record)));
                spans.add(span);
                count(span.reading());
            }
            transaction.store(spans.stream().map(RecordSpan::reading).toList());
        } finally {
            spans.forEach(RecordSpan::close);
        }
    }

    /** An exception here would stop the channel. */
    private void tell(EventArrived arrived) {
        try {
            arrivals.accept(arrived);
        } catch (RuntimeException e) {
            LOG.error("an observer of arrived events failed", e);
        }
    }

    private void count(Reading reading) {
        status.countReceived(reading);
        if (reading instanceof Reading.Event event) {
            tell(EventArrived.of(event));
        }
    }
}
