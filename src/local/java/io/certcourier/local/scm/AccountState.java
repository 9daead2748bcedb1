package io.certcourier.local.scm;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What an account holds at one moment, without PEM or key.
 *
 * @param certificates by id, oldest id first
 * @param targets copies per target, {@code CDN} or {@code ELB@cn-north-4}
 * @param charges Yuan
 */
public record AccountState(String name, String domainId, Set<String> projects, List<Held> certificates,
        Map<String, List<TargetCopy>> targets, List<Binding> bindings, int charges) {

    /** @param fingerprint SHA-1 of the leaf, lower-case hex whatever the switches say */
    public record Held(String id, String name, String fingerprint, String status) {
    }

    static AccountState of(EmulatedAccount account, Instant now) {
        var held = account.certificates().byId().stream().map(certificate -> new Held(certificate.id(), certificate.name(),
                certificate.leaf().fingerprint(), certificate.status(now))).toList();
        return new AccountState(account.name(), account.domainId(), account.projects(), held, account.targets().all(),
                account.targets().bindings(), account.targets().charges());
    }

    JsonObject toJson() {
        var stores = new JsonObject();
        targets.forEach(
                (target, copies) -> stores.put(target, new JsonArray(copies.stream().map(AccountState::json).toList())));
        var held = certificates.stream().map(one -> new JsonObject().put("id", one.id()).put("name", one.name())
                .put("fingerprint", one.fingerprint()).put("status", one.status())).toList();
        var bound = bindings.stream().map(one -> new JsonObject().put("certificateId", one.certificateId())
                .put("service", one.service().name()).put("project", one.project()).put("resourceId", one.resourceId())
                .put("resourceName", one.resourceName())).toList();
        return new JsonObject().put("name", name).put("domainId", domainId)
                .put("projects", new JsonArray(List.copyOf(projects)))
                .put("certificates", new JsonArray(held)).put("targets", stores).put("bindings", new JsonArray(bound))
                .put("charges", charges);
    }

    private static JsonObject json(TargetCopy copy) {
        return new JsonObject().put("id", copy.id()).put("certificateId", copy.certificateId()).put("name", copy.name())
                .put("fingerprint", copy.fingerprint()).put("scmCertificateId", copy.scmCertificateId())
                .put("pushedAt", copy.pushedAt().toString());
    }
}
