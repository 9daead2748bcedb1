package io.certcourier.upgrade;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.certcourier.flow.Flow;
import io.certcourier.flow.Platform;
import io.certcourier.flow.ServiceProcess;
import io.certcourier.flow.TestEvent;

/**
 * Records what the packaged service leaves behind, before a migration is added to it: {@code mvn -DskipTests package}, then
 * {@code mvn surefire:test -Dtest=RecordVersion}. Another version's jar is named by {@code -Drecord.jar}, keys that it does not
 * know by {@code -Drecord.without}, separated by commas.
 */
class RecordVersion {

    private static final Path FOLDER = Path.of("target", "upgrade-recording");

    @Test
    void record() throws Exception {
        try (var platform = Platform.start(FOLDER); var flow = new Flow(platform)) {
            if (Files.exists(Recording.KEYSET)) {
                Files.copy(Recording.KEYSET, FOLDER.resolve("keyset.json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.createDirectories(Recording.FOLDER);
                Files.copy(FOLDER.resolve("keyset.json"), Recording.KEYSET);
            }
            try (var service = ServiceProcess.startVersion(
                    Path.of(System.getProperty("record.jar", ServiceProcess.JAR.toString())), FOLDER.resolve("service.log"),
                    configuration(platform)); var database = platform.database()) {
                var scene = new Scene(flow, service.awaitReady());
                scene.play();
                Recording.of(database, cloud(flow, scene.sent())).write(version(flow));
            }
        }
    }

    private static Map<String, String> configuration(Platform platform) {
        var keys = new LinkedHashMap<>(platform.configuration());
        List.of(System.getProperty("record.without", "").split(",")).forEach(keys::remove);
        return keys;
    }

    private static List<Recording.Certificate> cloud(Flow flow, List<TestEvent> sent) throws SQLException {
        return sent.stream().flatMap(event -> flow.query("SELECT scm_name FROM renewal WHERE id = ? AND scm_name IS NOT NULL",
                event.renewalId()).stream().map(row -> (String) row.get("scm_name"))
                .flatMap(name -> flow.ledger().created(name).stream()
                        .map(id -> new Recording.Certificate(id, name, (String) event.fields().get("certificatePem")))))
                .distinct().toList();
    }

    private static String version(Flow flow) {
        return (String) flow.query("SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1").get(0)
                .get("version");
    }
}
