package io.certcourier.local;

import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.kafka.common.Uuid;

import kafka.Kafka;
import kafka.tools.StorageTool;

/** The broker's JVM: formats the storage once, then is Kafka. */
final class BrokerMain {

    private BrokerMain() {
    }

    /** @param args the server.properties and the folder its log.dirs names */
    public static void main(String[] args) {
        Logs.to(System.out);
        String properties = args[0];
        Path storage = Path.of(args[1]);
        if (!Files.exists(storage.resolve("meta.properties"))) {
            int code = StorageTool.execute(new String[] { "format", "--config", properties, "--cluster-id",
                    Uuid.randomUuid().toString() }, System.out);
            if (code != 0) {
                System.exit(code);
            }
        }
        Kafka.main(new String[] { properties });
    }
}
