package io.certcourier.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.scm.v3.ScmClient;
import com.huaweicloud.sdk.scm.v3.model.CertificateDetail;
import com.huaweicloud.sdk.scm.v3.model.ImportCertificateRequest;
import com.huaweicloud.sdk.scm.v3.model.ImportCertificateRequestBody;
import com.huaweicloud.sdk.scm.v3.model.ListCertificatesRequest;
import com.huaweicloud.sdk.scm.v3.model.PushCertificateRequest;
import com.huaweicloud.sdk.scm.v3.model.PushCertificateRequestBody;

import io.certcourier.local.scm.ScmEmulator;
import io.vertx.core.json.JsonObject;

/**
 * What people write: a consumer loop around the official client. Per record it lists the whole account to see whether the
 * certificate is there, imports it, pushes it to one target after the other, and commits.
 */
final class BaselineClient {

    private static final int PAGE = 50;

    private final ScmClient scm;

    private BaselineClient(ScmClient scm) {
        this.scm = scm;
    }

    /** Endpoint, broker and topic; then a line per run: count. */
    public static void main(String... arguments) throws IOException {
        var scm = ScmClient.newBuilder().withCredential(new GlobalCredentials().withAk(ScmEmulator.ACCESS_KEY)
                .withSk(ScmEmulator.SECRET_KEY).withDomainId(ScmEmulator.DOMAIN_ID))
                .withEndpoints(List.of(arguments[0])).build();
        var settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[1]);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "baseline");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "3600000"); // between two runs nobody polls
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(arguments[2]));
            var lines = new BufferedReader(new InputStreamReader(System.in));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(new BaselineClient(scm).run(consumer, Integer.parseInt(line)));
            }
        }
    }

    private Timing run(KafkaConsumer<String, String> consumer, int count) {
        var timing = new Timing(count);
        boolean all = false;
        while (!all) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                deliver(new JsonObject(record.value()));
                consumer.commitSync();
                all = timing.ended(System.currentTimeMillis() - record.timestamp());
            }
        }
        return timing;
    }

    private void deliver(JsonObject event) {
        String name = event.getString("certificateName");
        String id = all().stream().filter(one -> one.getName().equals(name)).map(CertificateDetail::getId).findFirst()
                .orElseGet(() -> importCertificate(name, event));
        for (Object target : event.getJsonArray("targets")) {
            var to = (JsonObject) target;
            scm.pushCertificate(new PushCertificateRequest().withCertificateId(id).withBody(new PushCertificateRequestBody()
                    .withTargetService(to.getString("service")).withTargetProject(to.getString("project", ""))));
        }
    }

    private List<CertificateDetail> all() {
        var all = new ArrayList<CertificateDetail>();
        int offset = 0;
        while (true) {
            var page = scm.listCertificates(new ListCertificatesRequest().withLimit(PAGE).withOffset(offset));
            all.addAll(page.getCertificates());
            if (page.getCertificates().size() < PAGE) {
                return all;
            }
            offset += PAGE;
        }
    }

    private String importCertificate(String name, JsonObject event) {
        return scm.importCertificate(new ImportCertificateRequest().withBody(new ImportCertificateRequestBody().withName(name)
                .withCertificate(event.getString("certificatePem").strip())
                .withCertificateChain(event.getString("chainPem").strip())
                .withPrivateKey(event.getString("privateKeyPem").strip()).withDuplicateCheck(false))).getCertificateId();
    }
}
