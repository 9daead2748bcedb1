package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/**
 * Everything we could think of that a producer might send to break us, in one go and with good records among it: each record
 * ends in the code it deserves, the good ones are delivered, no error is logged, and the memory is given back.
 */
@Isolated("counts what its JVM keeps in memory and logs at ERROR")
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class HostileEventsIT {

    private static final int EVERY = 12;
    /** Of all the hostile bytes, a second pass may leave this much; what is kept per record would be far more. */
    private static final long HEAP_SLACK = 48L << 20;

    @Started
    Flow flow;

    private List<HostileRecord> table() {
        return Stream.of(HostileValues.all(), HostileEnvelopes.all(), HostileContents.all(),
                HostileKeys.all(flow.platform().recipient())).flatMap(each -> each).toList();
    }

    @Test
    void each_hostile_record_ends_in_its_code_and_harms_nobody() {
        var table = table();
        assertThat(table).hasSizeGreaterThan(60);
        var errors = new ErrorLog();
        Logger.getLogger("").addHandler(errors);
        try {
            pass(table); // fills the caches and pools that stay
            long before = usedHeap();
            pass(table);
            long after = usedHeap();
            assertThat(after - before).as("bytes that %d more hostile records left behind, on %d", table.size(), before)
                    .isLessThan(HEAP_SLACK);
        } finally {
            Logger.getLogger("").removeHandler(errors);
        }
        assertThat(errors.texts).isEmpty();
    }

    private void pass(List<HostileRecord> table) {
        var goods = new ArrayList<TestEvent>();
        var sent = new LinkedHashMap<HostileRecord, Future<RecordMetadata>>();
        for (HostileRecord hostile : table) {
            if (sent.size() % EVERY == 0) {
                goods.add(TestEvent.fresh("among"));
                flow.sendSoon(goods.get(goods.size() - 1));
            }
            sent.put(hostile, flow.sendSoon(hostile.record()));
        }
        for (int partition = 0; partition < 6; partition++) { // behind all of them: no partition has stopped
            var last = TestEvent.fresh("behind");
            goods.add(last);
            flow.send(new ProducerRecord<>("cert-renewed", partition, last.certificateName(), last.data(), last.headers()));
        }

        goods.forEach(good -> assertThat(flow.topics().await(good.renewalId()).outcome()).isEqualTo("SUCCEEDED"));
        Map<String, String> wrong = new LinkedHashMap<>();
        sent.forEach((hostile, at) -> {
            String verdict = verdict(hostile, at);
            if (!verdict.equals(hostile.expected())) {
                wrong.put(hostile.toString(), verdict);
            }
        });
        assertThat(wrong).isEmpty();
    }

    /** The code or outcome; or what is wrong with the events that tell it. */
    private String verdict(HostileRecord hostile, Future<RecordMetadata> sent) {
        if (hostile.renewal() != null) {
            var outcome = flow.topics().await(hostile.renewal());
            var problems = OutcomeSchema.problems(outcome);
            return problems.isEmpty() ? outcome.outcome() : problems.toString();
        }
        var at = Flow.confirmed(sent);
        var refusal = flow.topics().awaitRefusal(at.partition(), at.offset());
        var problems = OutcomeSchema.problems(refusal.outcome());
        assertThat(refusal.letter().value()).isNull();
        return problems.isEmpty() ? refusal.outcome().reasonCode() : problems.toString();
    }

    /** After as many collections as it takes to stop falling. */
    private static long usedHeap() {
        var memory = ManagementFactory.getMemoryMXBean();
        long used = Long.MAX_VALUE;
        long next = collected(memory);
        while (next < used - (1 << 20)) {
            used = next;
            next = collected(memory);
        }
        return next;
    }

    private static long collected(java.lang.management.MemoryMXBean memory) {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** What is logged at ERROR while the test runs: bugs, channels that end. */
    private static final class ErrorLog extends Handler {

        private final List<String> texts = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                texts.add(record.getLoggerName() + ": " + record.getMessage());
            }
        }

        @Override
        public void flush() {
            // kept in memory
        }

        @Override
        public void close() {
            // nothing to close
        }
    }
}
