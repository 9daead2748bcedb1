package io.certcourier.scm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;

/** Which calls push to a set of targets. A pure function. */
final class PushPlan {

    private static final int MOST_PROJECTS = 10;
    /** SCM: BatchPushCertificate takes projects of 1 to 32 characters, PushCertificate of up to 255. */
    private static final int LONGEST_PROJECT = 32;

    private PushPlan() {
    }

    /** The calls in a stable order; every target is in exactly one. */
    static List<PushCall> of(Collection<Target> targets, ScmConfig.PushMode mode) {
        Map<TargetService, List<Target>> services = new TreeSet<>(targets).stream()
                .collect(Collectors.groupingBy(Target::service, TreeMap::new, Collectors.toList()));
        List<PushCall> calls = new ArrayList<>();
        services.forEach((service, all) -> {
            List<Target> together = all.stream().filter(target -> mode == ScmConfig.PushMode.AUTO && fitsBatch(target))
                    .toList();
            for (int from = 0; from < together.size(); from += MOST_PROJECTS) {
                int to = Math.min(from + MOST_PROJECTS, together.size());
                calls.add(new PushCall(ScmOperation.BATCH_PUSH, service, together.subList(from, to)));
            }
            all.stream().filter(target -> !together.contains(target))
                    .forEach(target -> calls.add(new PushCall(ScmOperation.PUSH, service, List.of(target))));
        });
        return calls;
    }

    private static boolean fitsBatch(Target target) {
        return target.service().hasProject() && target.project().length() <= LONGEST_PROJECT;
    }
}
