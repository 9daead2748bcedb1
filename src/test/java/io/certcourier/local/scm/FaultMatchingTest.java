package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which calls a fault strikes. */
class FaultMatchingTest {

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
    void fault_strikes_the_nth_matching_call_and_as_often_as_told() {
        strike(Fault.of(FaultKind.STATUS).on(Operation.LIST).nth(2).times(2));
        client.show("scs1");

        assertThat(IntStream.range(0, 5).mapToObj(call -> client.list("").status())).containsExactly(200, 503, 503, 200, 200);
        assertThat(emulator.faults().struck(FaultKind.STATUS)).isEqualTo(2);
    }

    @Test
    void fault_strikes_only_its_target_account_and_certificate() {
        var id = client.imported("web-0001");
        var other = client.imported("web-0002");
        strike(Fault.of(FaultKind.STATUS).target(Service.ELB, "cn-north-4").certificate("web-0001").account("default").times(0),
                Fault.of(FaultKind.STATUS).account("somebody-else").times(0));

        assertThat(client.push(id, "ELB", "cn-north-4").status()).isEqualTo(503);
        assertThat(client.batchPush(id, "elb", "cn-east-3", "cn-north-4").status()).isEqualTo(503);
        assertThat(client.push(id, "ELB", "cn-east-3").status()).isEqualTo(204);
        assertThat(client.push(id, "WAF", "cn-north-4").status()).isEqualTo(204);
        assertThat(client.push(other, "ELB", "cn-north-4").status()).isEqualTo(204);
    }

    @Test
    void share_of_calls_is_the_same_for_the_same_seed() {
        var first = statusesUnder(Fault.of(FaultKind.STATUS).on(Operation.LIST).share(0.5, 42));
        var second = statusesUnder(Fault.of(FaultKind.STATUS).on(Operation.LIST).share(0.5, 42));
        var other = statusesUnder(Fault.of(FaultKind.STATUS).on(Operation.LIST).share(0.5, 43));

        assertThat(first).isEqualTo(second).isNotEqualTo(other).contains(200, 503);
    }

    @Test
    void two_faults_strike_one_after_the_other() {
        strike(Fault.of(FaultKind.STATUS).with("status", 500), Fault.of(FaultKind.STATUS).with("status", 502));

        assertThat(client.list("").status()).isEqualTo(500);
        assertThat(client.list("").status()).isEqualTo(502);
        assertThat(client.list("").status()).isEqualTo(200);
    }

    @Test
    void fault_that_makes_no_sense_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.of(FaultKind.LIST_EMPTY).on(Operation.PUSH));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.of(FaultKind.STATUS).with("colour", "red"));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.of(FaultKind.STATUS).with("status", "503"));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.of(FaultKind.STATUS).nth(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.of(FaultKind.DENIED).with("reason", "bad mood"));
    }

    @Test
    void call_the_gateway_refuses_uses_no_fault_up() {
        strike(Fault.of(FaultKind.STATUS));

        assertThat(client.withKeys(ScmEmulator.ACCESS_KEY, "wrong").list("").status()).isEqualTo(401);
        assertThat(client.list("").status()).isEqualTo(503);
    }

    private static void strike(Fault... faults) {
        emulator.faults().add(faults);
    }

    private static List<Integer> statusesUnder(Fault fault) {
        emulator.faults().replace(List.of(fault));
        return IntStream.range(0, 20).mapToObj(call -> client.list("").status()).toList();
    }
}
