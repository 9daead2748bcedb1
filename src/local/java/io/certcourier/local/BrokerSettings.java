package io.certcourier.local;

import java.nio.file.Path;

/**
 * Where one broker listens, all on loopback.
 *
 * @param port for clients, advertised as it is
 * @param controllerPort for the broker's own KRaft quorum
 * @param proxied a further listener whose clients come through a proxy; null for none
 * @param secured a further listener with TLS and passwords; null for none
 */
record BrokerSettings(int port, int controllerPort, LocalKafka.Proxied proxied, LocalKafka.Secured secured) {

    /** The server.properties. Kafka's defaults are for big machines and for several brokers: every value here is why not. */
    String properties(Path storage) {
        String proxyListener = proxied == null ? "" : ",PROXIED://127.0.0.1:" + proxied.listenPort();
        String proxyAdvertised = proxied == null ? "" : ",PROXIED://localhost:" + proxied.proxyPort();
        return plain(storage, proxyListener + (secured == null ? "" : ",SECURED://127.0.0.1:" + secured.listenPort()),
                proxyAdvertised + (secured == null ? "" : ",SECURED://localhost:" + secured.listenPort()))
                + (secured == null ? "" : tls());
    }

    private String tls() {
        return """
                sasl.enabled.mechanisms=SCRAM-SHA-512
                listener.name.secured.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
                listener.name.secured.ssl.keystore.type=PEM
                listener.name.secured.ssl.keystore.location=%s
                """
                .formatted(secured.certificateAndKey().toAbsolutePath());
    }

    private String plain(Path storage, String furtherListeners, String furtherAdvertised) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=CLIENT
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT,PROXIED:PLAINTEXT,SECURED:SASL_SSL
                listeners=CONTROLLER://127.0.0.1:%1$d,CLIENT://127.0.0.1:%2$d%3$s
                advertised.listeners=CLIENT://localhost:%2$d%4$s
                log.dirs=%5$s
                auto.create.topics.enable=false
                # one replica is all there is
                default.replication.factor=1
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                # few files, small buffers
                offsets.topic.num.partitions=4
                transaction.state.log.num.partitions=2
                log.index.size.max.bytes=1048576
                log.cleaner.dedupe.buffer.size=4194304
                num.network.threads=2
                num.io.threads=4
                # a killed broker is believed dead soon, so that its successor may register
                broker.session.timeout.ms=2000
                broker.heartbeat.interval.ms=300
                # a lone consumer starts at once, a killed one is missed soon
                group.initial.rebalance.delay.ms=0
                group.min.session.timeout.ms=1000
                controlled.shutdown.enable=false
                """.formatted(controllerPort, port, furtherListeners, furtherAdvertised, storage.toString().replace("\\", "/"));
    }
}
