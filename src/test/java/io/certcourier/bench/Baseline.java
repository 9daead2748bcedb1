package io.certcourier.bench;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.LongStream;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

import io.certcourier.flow.TestEvent;
import io.vertx.core.json.JsonObject;

/** {@link BaselineClient} in a process of its own, with a topic of its own. */
final class Baseline implements Contestant {

    private static final String TOPIC = "bench-baseline";

    private final Stage stage;
    private final Jvm process;
    private final KafkaProducer<String, String> producer;

    Baseline(Stage stage) {
        this.stage = stage;
        stage.platform().kafka().createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)));
        var settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stage.platform().kafka().bootstrapServers());
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        this.process = Jvm.start(Stage.FOLDER.resolve("baseline.log"), Map.of(), BaselineClient.class,
                stage.cloud().endpoint().toString(), stage.platform().kafka().bootstrapServers(), TOPIC);
    }

    @Override
    public String name() {
        return "baseline";
    }

    /** It works on one renewal after the other, so a backlog changes nothing but how long one waits: about 10 s of it. */
    @Override
    public int renewals(Setup setup) {
        int callsEach = setup.account() / 50 + 2 + setup.targets();
        return Math.min(setup.backlog(), Math.max(3, 10_000 / (callsEach * (setup.latency() + 5))));
    }

    @Override
    public LongStream pids() {
        return LongStream.of(process.pid());
    }

    @Override
    public Delivery deliver(Setup setup, int renewals) {
        long start = System.nanoTime();
        for (var sample : stage.samples(renewals)) {
            var event = new JsonObject().put("certificateName", sample.name()).put("certificatePem", sample.leafPem())
                    .put("chainPem", sample.chainPem()).put("privateKeyPem", sample.keyPem())
                    .put("targets", TestEvent.targets(setup.targetNames().toArray(String[]::new)));
            producer.send(new ProducerRecord<>(TOPIC, sample.name(), event.encode()));
        }
        producer.flush();
        long[] millis = Timing.parse(process.ask(Integer.toString(renewals)));
        return new Delivery(millis, (System.nanoTime() - start) / 1e9, null);
    }

    @Override
    public void close() {
        process.close();
        producer.close();
    }
}
