package io.certcourier.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;
import io.certcourier.scm.ScmConfig.PushMode;

class PushPlanTest {

    private static List<Target> targets(String... texts) {
        return Stream.of(texts).map(Target::parse).toList();
    }

    @Test
    void projects_of_a_service_share_a_call_and_cdn_has_its_own() {
        List<PushCall> plan = PushPlan.of(targets("WAF@a", "ELB@b", "CDN", "ELB@a", "ELB@b"), PushMode.AUTO);

        assertThat(plan).containsExactly(new PushCall(ScmOperation.PUSH, TargetService.CDN, targets("CDN")),
                new PushCall(ScmOperation.BATCH_PUSH, TargetService.ELB, targets("ELB@a", "ELB@b")),
                new PushCall(ScmOperation.BATCH_PUSH, TargetService.WAF, targets("WAF@a")));
    }

    @Test
    void a_call_takes_ten_projects() {
        List<Target> many = IntStream.range(0, 23).mapToObj(i -> new Target(TargetService.ELB, "project-" + i)).toList();

        List<PushCall> plan = PushPlan.of(many, PushMode.AUTO);

        assertThat(plan).extracting(call -> call.targets().size()).containsExactly(10, 10, 3);
        assertThat(plan).flatExtracting(PushCall::targets).containsExactlyInAnyOrderElementsOf(many);
    }

    @Test
    void a_project_name_too_long_for_a_batch_is_pushed_alone() {
        Target fits = new Target(TargetService.ELB, "p".repeat(32));
        Target tooLong = new Target(TargetService.ELB, "p".repeat(33));

        List<PushCall> plan = PushPlan.of(List.of(tooLong, fits), PushMode.AUTO);

        assertThat(plan).containsExactly(new PushCall(ScmOperation.BATCH_PUSH, TargetService.ELB, List.of(fits)),
                new PushCall(ScmOperation.PUSH, TargetService.ELB, List.of(tooLong)));
    }

    @Test
    void single_pushes_every_target_alone() {
        List<PushCall> plan = PushPlan.of(targets("ELB@a", "ELB@b", "CDN"), PushMode.SINGLE);

        assertThat(plan).hasSize(3).allSatisfy(call -> {
            assertThat(call.operation()).isEqualTo(ScmOperation.PUSH);
            assertThat(call.targets()).hasSize(1);
        });
    }

    @Test
    void nothing_to_push_is_no_call() {
        assertThat(PushPlan.of(List.of(), PushMode.AUTO)).isEmpty();
    }
}
