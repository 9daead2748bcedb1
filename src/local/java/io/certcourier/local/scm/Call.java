package io.certcourier.local.scm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * One authenticated call on its way through an operation.
 *
 * @param certificateId from the path; null where the path names none
 * @param body never null; without null values
 * @param query decoded
 * @param fault the fault that strikes this call; null for none
 */
record Call(EmulatedAccount account, Operation operation, String certificateId, JsonObject body, MultiMap query, Instant now,
        Switches switches, LedgerSlot ledger, Fault fault) {

    Optional<Fault> fault(FaultKind kind) {
        return fault != null && fault.kind() == kind ? Optional.of(fault) : Optional.empty();
    }

    Call struckBy(Fault striking) {
        return new Call(account, operation, certificateId, body, query, now, switches, ledger, striking);
    }

    /** @throws Refusal by switch unknown-id */
    StoredCertificate certificate() {
        return account.certificates().find(certificateId).orElseThrow(() -> {
            var code = switches.get(Switch.UNKNOWN_ID);
            var text = "There is no certificate with this id.";
            return code.equals("404") ? Refusal.withStatus(404, "SCM.9004", text) : Refusal.scm(code, text);
        });
    }

    /** The name the call is about: of the import, or of the certificate in the path; empty if unknown. */
    String certificateName() {
        if (operation == Operation.IMPORT) {
            return text("name");
        }
        return certificateId == null ? ""
                : account.certificates().find(certificateId).map(StoredCertificate::name).orElse("");
    }

    /** The service as sent; empty if the call names none. */
    String serviceName() {
        return text(operation == Operation.DEPLOY ? "service_name" : "target_service");
    }

    /** The projects as sent, for the ledger and for faults; empty if the call names none. */
    List<String> projects() {
        if (operation == Operation.BATCH_PUSH && body.getValue("target_projects") instanceof JsonArray all) {
            return all.stream().map(String::valueOf).toList();
        }
        var one = text(operation == Operation.DEPLOY ? "project_name" : "target_project");
        return one.isEmpty() ? List.of() : List.of(one);
    }

    String text(String field) {
        return body.getValue(field) instanceof String text ? text : "";
    }
}
