package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListTest {

    private static ScmEmulator emulator;
    private static EmulatorClient client;

    @BeforeAll
    static void start() {
        emulator = ScmEmulator.start(0);
        client = new EmulatorClient(emulator);
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void reset() {
        emulator.reset();
    }

    @Test
    void newest_certificate_comes_first() {
        var older = importedAfter(1, "older");
        var newer = importedAfter(2, "newer");

        assertThat(client.listedIds("")).containsExactly(newer, older);
        assertThat(client.listedIds("sort_dir=ASC")).containsExactly(older, newer);
    }

    @Test
    void equal_keys_are_ordered_by_id_in_both_directions() {
        var original = client.imported("one");
        emulator.faults().add(Fault.of(FaultKind.SECOND_CERTIFICATE).on(Operation.LIST).with("name", "one"));
        client.list("");
        emulator.account().setStatus(original, "UPLOAD");

        assertThat(client.listedIds("sort_key=certStatus&sort_dir=DESC")).isSorted().hasSize(2);
        assertThat(client.listedIds("sort_key=certExpiredTime&sort_dir=ASC")).isSorted().hasSize(2);
    }

    @Test
    void page_holds_ten_by_default_and_total_counts_all() {
        fill(25);

        var page = client.list("").json();

        assertThat(page.getJsonArray("certificates")).hasSize(10);
        assertThat(page.getInteger("total_count")).isEqualTo(25);
        assertThat(client.listedIds("limit=20&offset=20")).hasSize(5);
        assertThat(client.listedIds("limit=20&offset=40")).isEmpty();
    }

    @Test
    void wrong_parameters_are_refused() {
        for (var query : List.of("limit=2", "limit=100", "limit=x", "offset=101", "offset=-1", "sort_key=name", "sort_dir=down",
                "status=NEW", "deploy_support=maybe", "expired_days_since=1096", "enterprise_project_id=mine")) {
            assertThat(client.list(query).errorCode()).as(query).isEqualTo("SCM.0005");
        }
    }

    @Test
    void filters_narrow_page_and_total() {
        var revoked = client.imported("revoked");
        var upload = client.imported("upload");
        emulator.account().setStatus(revoked, "REVOKED");

        assertThat(client.listedIds("status=UPLOAD")).containsExactly(upload);
        assertThat(client.listedIds("status=REVOKED")).containsExactly(revoked);
        assertThat(client.listedIds("deploy_support=true")).containsExactly(upload);
        assertThat(client.list("status=UPLOAD").json().getInteger("total_count")).isEqualTo(1);
        assertThat(client.listedIds("enterprise_project_id=0")).hasSize(2);
        assertThat(client.listedIds("enterprise_project_id=01234567-0123-0123-0123-0123456789ab")).isEmpty();
    }

    @Test
    void certificate_expires_as_the_clock_goes_on() {
        var id = client.imported("short-lived");
        emulator.clock().shift(Duration.ofDays(100));

        assertThat(client.show(id).json().getString("status")).isEqualTo("EXPIRED");
        assertThat(client.show(id).json().getString("push_support")).isEqualTo("OFF");
        assertThat(client.listedIds("status=EXPIRED")).containsExactly(id);
        assertThat(client.listedIds("expired_days_since=30")).containsExactly(id);
        assertThat(client.listedIds("expired_days_since=5")).isEmpty();
        assertThat(client.push(id, "ELB", "cn-north-4").errorCode()).isEqualTo("SCM.0010");
        assertThat(client.delete(id).errorCode()).isEqualTo("SCM.0010");
    }

    @Test
    void body_on_get_is_ignored() {
        var id = client.imported("one");

        var reply = client.send("GET", "/v3/scm/certificates?limit=50", "{\"limit\":2}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains(id);
    }

    @Test
    void ten_thousand_certificates_do_not_slow_the_list_down() {
        fill(10_000);
        client.list("limit=50&status=UPLOAD");
        var begin = System.nanoTime();

        for (var call = 0; call < 50; call++) {
            client.list("limit=50&status=UPLOAD");
        }

        var perCall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) / 50;
        assertThat(perCall).as("milliseconds per list of 50").isLessThan(100);
        assertThat(client.list("limit=50").json().getInteger("total_count")).isEqualTo(10_000);
    }

    private static String importedAfter(int seconds, String name) {
        emulator.clock().shift(Duration.ofSeconds(seconds));
        return client.imported(name);
    }

    /** Straight into the store: the list is under test here, not the import. */
    private static void fill(int count) {
        var pair = new ImportChecks(emulator.switches()).check(
                EmulatorClient.importBody("fill", TestCertificates.CA.issue("fill.example")), new CertificateStore(),
                Instant.now());
        var account = emulator.account();
        synchronized (account) {
            for (var at = 0; at < count; at++) {
                account.certificates().add(new StoredCertificate("scs" + (1_600_000_000_000L + at), "fill-" + at, "0", pair,
                        Instant.ofEpochMilli(1_600_000_000_000L + at)));
            }
        }
    }
}
