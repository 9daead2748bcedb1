package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonObject;

class ControlApiTest {

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
        client.control("POST", "reset", "");
    }

    @Test
    void health_is_up() {
        assertThat(client.control("GET", "health", null).json()).isEqualTo(new JsonObject().put("status", "UP"));
    }

    @Test
    void account_is_filled_with_older_certificates() {
        var id = client.imported("web-0001");

        client.control("POST", "certificates", "{\"account\":\"default\",\"like\":\"" + id + "\",\"count\":60}");

        var newest = client.list("limit=10").json();
        assertThat(newest.getInteger("total_count")).isEqualTo(61);
        assertThat(newest.getJsonArray("certificates").getJsonObject(0).getString("id")).isEqualTo(id);
        assertThat(client.control("POST", "certificates", "{\"account\":\"default\",\"like\":\"scs0\",\"count\":1}").status())
                .isEqualTo(400);
    }

    @Test
    void ledger_is_read_from_a_sequence_number_on() {
        client.list("");
        var seen = client.control("GET", "ledger", null).json().getJsonArray("calls").getJsonObject(0);
        var id = client.imported("web-0001");

        var later = client.control("GET", "ledger?since=" + seen.getInteger("sequence"), null).json().getJsonArray("calls");

        assertThat(seen.getString("operation")).isEqualTo("list");
        assertThat(seen.getJsonArray("effects").getJsonObject(0).getString("kind")).isEqualTo("NONE");
        assertThat(later).hasSize(1);
        var call = later.getJsonObject(0);
        assertThat(call.getString("status")).isEqualTo("200");
        assertThat(call.getJsonArray("effects").getJsonObject(0))
                .isEqualTo(new JsonObject().put("kind", "CREATED").put("target", "").put("id", id));
    }

    @Test
    void state_shows_accounts_certificates_and_targets() {
        var id = client.imported("web-0001");
        client.push(id, "ELB", "cn-north-4");
        client.control("POST", "bindings",
                new JsonObject().put("account", "default").put("certificateId", id).put("service", "ELB")
                        .put("project", "cn-north-4").put("resourceId", "r1").put("resourceName", "listener").encode());

        var account = client.control("GET", "state", null).json().getJsonArray("accounts").getJsonObject(0);

        assertThat(account.getString("name")).isEqualTo("default");
        assertThat(account.getJsonArray("certificates").getJsonObject(0).getString("id")).isEqualTo(id);
        assertThat(account.getJsonArray("certificates").getJsonObject(0).getString("status")).isEqualTo("UPLOAD");
        assertThat(account.getJsonObject("targets").getJsonArray("ELB@cn-north-4").getJsonObject(0).getString("certificateId"))
                .isEqualTo(id);
        assertThat(account.getJsonArray("bindings")).hasSize(1);
    }

    @Test
    void faults_replace_or_add() {
        var one = "[{\"kind\":\"status\",\"operation\":\"list\",\"times\":2,\"options\":{\"status\":502,\"body\":\"empty\"}}]";
        client.control("POST", "faults", one);
        client.control("POST", "faults?add=true", "[{\"kind\":\"throttled\",\"service\":\"ELB\",\"share\":0.5,\"seed\":3}]");

        assertThat(emulator.faults().all()).containsExactly(
                Fault.of(FaultKind.STATUS).on(Operation.LIST).times(2).with("status", 502).with("body", "empty"),
                Fault.of(FaultKind.THROTTLED).target(Service.ELB, null).share(0.5, 3));
        assertThat(client.list("").status()).isEqualTo(502);
        assertThat(client.control("POST", "faults", "[]").json().getInteger("faults")).isZero();
        assertThat(client.list("").status()).isEqualTo(200);
    }

    @Test
    void switches_turn_together_or_not_at_all() {
        var turned = client.control("POST", "switches", "{\"offset-mode\":\"page\",\"list-lag\":3}");
        var refused = client.control("POST", "switches", "{\"offset-mode\":\"index\",\"quota\":\"many\"}");

        assertThat(turned.json().getString("list-lag")).isEqualTo("3");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().getString("error")).isEqualTo("Switch quota has no value many; it takes none, 100.");
        assertThat(emulator.switches().get(Switch.OFFSET_MODE)).isEqualTo("page");
    }

    @Test
    void account_is_added_changed_and_denied() {
        client.control("POST", "accounts",
                "{\"name\":\"second\",\"accessKey\":\"AK2\",\"secretKey\":\"SK2\",\"projects\":[\"p1\"]}");
        var second = client.withKeys("AK2", "SK2");

        assertThat(second.list("").status()).isEqualTo(200);
        client.control("POST", "accounts",
                "{\"name\":\"second\",\"deniedOperations\":[\"list\"],\"deniedServices\":[\"ELB\"]}");
        assertThat(second.list("").errorCode()).isEqualTo("SCM.4002");
        assertThat(second.push(second.imported("web-0001"), "ELB", "p1").errorCode()).isEqualTo("SCM.0202");
        client.control("POST", "accounts", "{\"name\":\"second\",\"frozen\":true}");
        assertThat(second.list("").errorCode()).isEqualTo("SCM.1010");
        assertThat(client.list("").status()).as("the other account").isEqualTo(200);
        assertThat(client.control("GET", "state", null).body()).doesNotContain("SK2");
    }

    @Test
    void clock_can_be_shifted() {
        var id = client.imported("web-0001");

        client.control("POST", "clock", "{\"shiftSeconds\":" + Duration.ofDays(100).toSeconds() + "}");

        assertThat(client.show(id).json().getString("status")).isEqualTo("EXPIRED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "faults | {} ", "faults | [1]", "faults | [{\"kind\":\"storm\"}]",
            "faults | [{\"knd\":\"status\"}]",
            "faults | [{\"kind\":\"status\",\"operation\":\"buy\"}]", "faults | [{\"kind\":\"status\",\"nth\":\"x\"}]",
            "switches | []",
            "switches | {\"colour\":\"red\"}", "clock | {}", "bindings | {\"account\":\"nobody\",\"service\":\"ELB\"}",
            "accounts | {}" })
    void nonsense_is_refused_with_a_sentence(String path, String body) {
        var reply = client.control("POST", path, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().getString("error")).endsWith(".");
    }

    @Test
    void reset_forgets_everything_but_accounts() {
        client.imported("web-0001");
        emulator.switches().set(Switch.QUOTA, "0");
        emulator.faults().add(Fault.of(FaultKind.STATUS));
        emulator.clock().shift(Duration.ofDays(1));

        client.control("POST", "reset", "");

        assertThat(emulator.ledger().entries()).isEmpty();
        assertThat(emulator.state()).allSatisfy(account -> assertThat(account.certificates()).isEmpty());
        assertThat(client.imported("web-0002")).startsWith("scs");
    }

    @Test
    void unknown_control_is_not_found() {
        assertThat(client.control("GET", "secrets", null).status()).isEqualTo(404);
    }

    @Test
    void options_come_from_environment_and_arguments() {
        var options = ScmEmulator.Options
                .of(Map.of("SCM_EMULATOR_PORT", "1", "SCM_EMULATOR_BIND", "0.0.0.0", "SCM_EMULATOR_SECRET_KEY",
                        "hidden", "SCM_EMULATOR_PROJECTS", "a,b"), "--port=2", "--access-key=AK");

        assertThat(options).isEqualTo(new ScmEmulator.Options(2, "0.0.0.0", "AK", "hidden", Set.of("a", "b")));
        assertThat(options.toString()).doesNotContain("hidden");
    }

    @Test
    void emulator_starts_within_a_second_and_not_on_a_taken_port() {
        var begin = System.nanoTime();
        try (var another = ScmEmulator.start(0)) {
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(1000);
            assertThatIllegalStateException().isThrownBy(() -> ScmEmulator.start(another.port()));
        }
    }
}
