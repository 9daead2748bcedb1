package io.certcourier.local.scm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What pushes and deploys left in the target services of one account. Guarded by the account. */
final class TargetStores {

    private static final int YUAN_PER_DEPLOYMENT = 30;

    private final Map<String, List<TargetCopy>> copies = new LinkedHashMap<>();
    private final List<Binding> bindings = new ArrayList<>();
    private int charges;

    /** {@code CDN} or {@code ELB@cn-north-4}. */
    static String label(Service service, String project) {
        return service.hasProject() ? service + "@" + project : service.name();
    }

    List<TargetCopy> copies(Service service, String project) {
        return List.copyOf(copies.getOrDefault(label(service, project), List.of()));
    }

    Map<String, List<TargetCopy>> all() {
        var snapshot = new LinkedHashMap<String, List<TargetCopy>>();
        copies.forEach((target, held) -> snapshot.put(target, List.copyOf(held)));
        return snapshot;
    }

    Optional<TargetCopy> first(Service service, String project, Predicate<TargetCopy> wanted) {
        return copies.getOrDefault(label(service, project), List.of()).stream().filter(wanted).findFirst();
    }

    void add(Service service, String project, TargetCopy copy) {
        copies.computeIfAbsent(label(service, project), fresh -> new ArrayList<>()).add(copy);
    }

    void bind(Binding binding) {
        bindings.add(binding);
    }

    void deploy(Binding binding) {
        bind(binding);
        charges += YUAN_PER_DEPLOYMENT;
    }

    List<Binding> bindings() {
        return List.copyOf(bindings);
    }

    int charges() {
        return charges;
    }

    void clear() {
        copies.clear();
        bindings.clear();
        charges = 0;
    }
}
