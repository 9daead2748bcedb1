package io.certcourier.local.scm;

import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Import, list, show, delete, export. Runs under the account's monitor. */
final class CertificateOperations {

    private final AtomicLong lastId = new AtomicLong();

    Answer importCertificate(Call call) {
        var account = call.account();
        var pair = new ImportChecks(call.switches()).check(call.body(), account.certificates(), call.now());
        var certificate = new StoredCertificate(nextId(call), call.text("name"),
                call.body().getString("enterprise_project_id", "0"), pair, call.now());
        account.certificates().add(certificate);
        call.ledger().certificate(certificate.name(), certificate.id());
        call.ledger().effect(Effect.of(Effect.Kind.CREATED, certificate.id()));
        return Answer.json(Integer.parseInt(call.switches().get(Switch.IMPORT_SUCCESS)),
                new JsonObject().put("certificate_id", certificate.id()));
    }

    /**
     * Adds a second certificate of the name and content of the one it finds.
     *
     * @return false if there is none
     */
    boolean duplicate(Call call, String nameOrId) {
        var store = call.account().certificates();
        var original = store.find(nameOrId).or(() -> store.findByName(nameOrId));
        original.ifPresent(certificate -> store.add(certificate.twin(nextId(call), call.now())));
        return original.isPresent();
    }

    Answer list(Call call) {
        var query = new ListQuery(call);
        var json = new CertificateJson(call.switches(), call.now());
        var items = new JsonArray();
        query.page().forEach(certificate -> items.add(json.listItem(certificate, call.account().domainId())));
        return Answer.json(200, new JsonObject().put("certificates", items).put("total_count", query.total()));
    }

    Answer show(Call call) {
        return Answer.json(200, new CertificateJson(call.switches(), call.now()).detail(call.certificate()));
    }

    Answer delete(Call call) {
        var certificate = call.certificate();
        var status = certificate.status(call.now());
        var expiredMay = status.equals("EXPIRED") && call.switches().is(Switch.DELETE_EXPIRED, "allow");
        if (!status.equals("UPLOAD") && !expiredMay) {
            throw Refusal.scm("SCM.0010", "The certificate cannot be deleted in its status.");
        }
        call.account().certificates().remove(certificate); // copies in targets stay
        call.ledger().effect(Effect.of(Effect.Kind.DELETED, certificate.id()));
        return call.switches().is(Switch.DELETE_SUCCESS, "204") ? Answer.empty(204) : Answer.json(200, new JsonObject());
    }

    Answer export(Call call) {
        var pair = call.certificate().pair();
        return Answer.json(200, new JsonObject().put("entire_certificate", pair.leafPem() + "\n" + pair.chainPem())
                .put("certificate", pair.leafPem()).put("certificate_chain", pair.chainPem())
                .put("private_key", pair.keyPem()).put("enc_certificate", pair.encCertificate())
                .put("enc_private_key", pair.encPrivateKey()));
    }

    /** Epoch milliseconds in 13 digits, made unique: {@code scs1600313391074}. */
    private String nextId(Call call) {
        var now = call.now().toEpochMilli();
        return "scs" + lastId.updateAndGet(last -> Math.max(last + 1, now));
    }
}
