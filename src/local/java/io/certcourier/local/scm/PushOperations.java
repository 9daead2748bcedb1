package io.certcourier.local.scm;

import java.util.List;
import java.util.UUID;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Push and batch push: copies into the stores of target services, never a binding. Runs under the account's monitor. */
final class PushOperations {

    private static final int MOST_PROJECTS = 10;
    private static final int LONGEST_PROJECT = 32;

    Answer push(Call call) {
        var service = service(call);
        var certificate = call.certificate();
        copy(call, certificate, service, call.text("target_project"));
        return switch (call.switches().get(Switch.PUSH_SUCCESS)) {
            case "200-object" -> Answer.json(200, new JsonObject());
            case "200-empty" -> Answer.empty(200);
            default -> Answer.empty(204);
        };
    }

    Answer batchPush(Call call) {
        var service = service(call);
        if (service == Service.CDN && call.switches().is(Switch.BATCH_CDN, "refuse")) {
            throw unknownService();
        }
        var projects = batchProjects(call);
        var certificate = call.certificate();
        var results = new JsonArray();
        for (var project : projects) {
            results.add(item(call, certificate, service, project));
        }
        return Answer.json(200, new JsonObject().put("results", results));
    }

    private JsonObject item(Call call, StoredCertificate certificate, Service service, String project) {
        var item = new JsonObject().put("project_name", project);
        try {
            call.fault(FaultKind.BATCH_ITEM_FAILED).filter(fault -> fault.hits(project)).ifPresent(fault -> {
                throw service.refuses(fault.text("message"));
            });
            return item.put("cert_id", copy(call, certificate, service, project)).put("message", "success");
        } catch (Refusal refusal) {
            switch (call.switches().get(Switch.BATCH_FAILED_ID)) {
                case "empty" -> item.put("cert_id", "");
                case "null" -> item.putNull("cert_id");
                default -> item.remove("cert_id");
            }
            return item.put("message", refusal.getMessage());
        }
    }

    /** @return the target-side id */
    private String copy(Call call, StoredCertificate certificate, Service service, String project) {
        if (!certificate.pushable(call.now())) {
            throw Refusal.scm("SCM.0010", "The certificate cannot be pushed in its status.");
        }
        if (service.hasProject() && !call.account().hasProject(project)) {
            throw Refusal.scm("SCM.0069", "Invalid region id.");
        }
        if (!call.account().may(service)) {
            throw service.noPermission();
        }
        var targets = call.account().targets();
        var label = TargetStores.label(service, project);
        if (service == Service.CDN) {
            requireNewInCdn(call, certificate, targets);
        } else {
            var earlier = targets.first(service, project, copy -> copy.certificateId().equals(certificate.id()));
            if (earlier.isPresent() && call.switches().is(Switch.PUSH_REPEAT, "refuse")) {
                throw service.refuses("the certificate was pushed before");
            }
            if (earlier.isPresent() && call.switches().is(Switch.PUSH_REPEAT, "same-id")) {
                call.ledger().effect(new Effect(Effect.Kind.UNCHANGED, label, earlier.get().id()));
                return earlier.get().id();
            }
        }
        var origin = service == Service.ELB && call.switches().is(Switch.ELB_SCM_ID, "empty") ? "" : certificate.id();
        var copy = new TargetCopy(UUID.randomUUID().toString().replace("-", ""), certificate.id(), certificate.name(),
                certificate.leaf().fingerprint(), origin, call.now());
        targets.add(service, project, copy);
        call.ledger().effect(new Effect(Effect.Kind.PUSHED, label, copy.id()));
        if (call.switches().is(Switch.UPDATE_TIME_ON_PUSH, "yes")) {
            call.account().certificates().touch(certificate, call.now());
        }
        return copy.id();
    }

    private static void requireNewInCdn(Call call, StoredCertificate certificate, TargetStores targets) {
        if (call.switches().is(Switch.CDN_DELEGATION, "needed")) {
            throw Service.CDN.refuses("CDN.00010198 The SCM delegation is not switched on.");
        }
        var taken = targets.first(Service.CDN, "",
                copy -> copy.certificateId().equals(certificate.id()) || copy.name().equals(certificate.name()));
        if (taken.isPresent()) {
            throw Service.CDN.refuses("cloudCertificate is exist");
        }
    }

    private static Service service(Call call) {
        if (call.serviceName().isEmpty()) {
            throw Refusal.badParameter("The field target_service is missing.");
        }
        return Service.find(call.serviceName()).orElseThrow(PushOperations::unknownService);
    }

    private static Refusal unknownService() {
        return Refusal.scm("SCM.0030", "Certificates cannot be pushed to this service.");
    }

    private static List<String> batchProjects(Call call) {
        if (!(call.body().getValue("target_projects") instanceof JsonArray given) || given.isEmpty()
                || given.size() > MOST_PROJECTS || !given.stream().allMatch(PushOperations::fits)) {
            throw Refusal.badParameter("The field target_projects does not hold 1 to 10 project names.");
        }
        return given.stream().map(String::valueOf).toList();
    }

    private static boolean fits(Object project) {
        return project instanceof String name && !name.isEmpty() && name.length() <= LONGEST_PROJECT;
    }
}
