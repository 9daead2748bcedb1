package io.certcourier.local.scm;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Deploy, which binds and costs money, and the count of what is bound. Runs under the account's monitor. */
final class DeployOperations {

    private static final int MOST_RESOURCES = 20;
    private static final int MOST_CERTIFICATES = 50;

    Answer deploy(Call call) {
        var service = Service.find(call.serviceName())
                .orElseThrow(() -> Refusal.scm("SCM.0030", "Certificates cannot be deployed to this service."));
        var resources = objects(call.body(), "resources", MOST_RESOURCES);
        var certificate = call.certificate();
        if (!certificate.pushable(call.now())) {
            throw Refusal.scm("SCM.0010", "The certificate cannot be deployed in its status.");
        }
        var project = service.hasProject() ? call.text("project_name") : "global";
        if (service.hasProject() && !call.account().hasProject(project)) {
            throw Refusal.scm("SCM.0069", "Invalid region id.");
        }
        var failures = new JsonArray();
        for (var resource : resources) {
            var id = resource.getString(service == Service.CDN ? "domain_name" : "id", "");
            if (known(call, certificate, service, id)) {
                call.account().targets().deploy(new Binding(certificate.id(), service, project, id, id));
                call.ledger().effect(new Effect(Effect.Kind.DEPLOYED, TargetStores.label(service, project), id));
            } else {
                failures.add(new JsonObject().put("resource", id).put("failure_info",
                        (service == Service.ELB ? "ELB.8904" : service.name()) + " The resource was not found."));
            }
        }
        return Answer.json(200, new JsonObject().put("failure_list", failures));
    }

    Answer deployedResources(Call call) {
        var ids = strings(call.body(), "certificate_ids", MOST_CERTIFICATES);
        var services = services(strings(call.body(), "service_names", MOST_CERTIFICATES));
        var unreliable = call.fault(FaultKind.DEPLOYED_IS_ERROR).isPresent();
        var results = new JsonArray();
        for (var id : ids) {
            var bound = call.account().bindings().stream().filter(binding -> binding.certificateId().equals(id)).toList();
            var deployed = new JsonArray();
            services.forEach(service -> addService(deployed, service, bound, unreliable));
            var total = bound.stream().filter(binding -> services.contains(binding.service())).count();
            results.add(new JsonObject().put("certificate_id", id).put("total_num", (int) total).put("deployed_resources",
                    deployed));
        }
        return Answer.json(200, new JsonObject().put("results", results));
    }

    private static void addService(JsonArray deployed, Service service, List<Binding> bound, boolean unreliable) {
        var mine = bound.stream().filter(binding -> binding.service() == service).toList();
        if (mine.isEmpty() && !unreliable) {
            return;
        }
        var regions = new JsonArray();
        mine.stream().map(Binding::project).distinct().forEach(region -> regions.add(new JsonObject()
                .put("region_id", region).put("is_error", unreliable).put("resources", resources(mine, region))));
        if (mine.isEmpty()) {
            regions.add(new JsonObject().put("region_id", "global").put("is_error", true).put("resources", new JsonArray()));
        }
        deployed.add(new JsonObject().put("service", service.name()).put("resource_num", mine.size())
                .put("resource_location", service.hasProject() ? "region" : "global").put("region_resources", regions));
    }

    private static JsonArray resources(List<Binding> bound, String region) {
        return new JsonArray(bound.stream().filter(binding -> binding.project().equals(region)).map(binding -> new JsonObject()
                .put("resource_id", binding.resourceId()).put("resource_name", binding.resourceName())).toList());
    }

    /** ELB and WAF name a copy in their store, CDN a domain the certificate covers. */
    private static boolean known(Call call, StoredCertificate certificate, Service service, String id) {
        if (service == Service.CDN) {
            return certificate.leaf().covers(id);
        }
        return call.account().targets().first(service, call.text("project_name"), copy -> copy.id().equals(id)).isPresent();
    }

    private static Set<Service> services(List<String> names) {
        var services = EnumSet.noneOf(Service.class);
        for (var name : names) {
            if (name.equals("ALL")) {
                services.addAll(EnumSet.allOf(Service.class));
            } else {
                services.add(Service.find(name).orElseThrow(() -> Refusal.badParameter("The field service_names is wrong.")));
            }
        }
        return services;
    }

    private static List<String> strings(JsonObject body, String field, int most) {
        if (!(body.getValue(field) instanceof JsonArray given) || given.isEmpty() || given.size() > most
                || !given.stream().allMatch(String.class::isInstance)) {
            throw Refusal.badParameter("The field " + field + " does not hold 1 to " + most + " strings.");
        }
        return given.stream().map(String.class::cast).toList();
    }

    private static List<JsonObject> objects(JsonObject body, String field, int most) {
        var objects = new ArrayList<JsonObject>();
        if (body.getValue(field) instanceof JsonArray given) {
            for (var at = 0; at < given.size(); at++) {
                if (given.getValue(at) instanceof JsonObject object) {
                    objects.add(object);
                }
            }
        }
        if (objects.isEmpty() || objects.size() > most) {
            throw Refusal.badParameter("The field " + field + " does not hold 1 to " + most + " objects.");
        }
        return objects;
    }
}
