package io.certcourier.local.scm;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;

import io.vertx.core.json.JsonObject;

/** How list and show spell a certificate. Absent values are null, as in the documentation's samples. */
final class CertificateJson {

    private static final DateTimeFormatter PLAIN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.S", Locale.ROOT);

    private final Switches switches;
    private final Instant now;

    CertificateJson(Switches switches, Instant now) {
        this.switches = switches;
        this.now = now;
    }

    JsonObject listItem(StoredCertificate certificate, String domainId) {
        var leaf = certificate.leaf();
        return new JsonObject().put("id", certificate.id()).put("name", certificate.name()).put("domain", leaf.domain())
                .put("sans", sans(leaf)).put("signature_algorithm", typical(leaf.signatureAlgorithm()))
                .put("deploy_support", certificate.pushable(now)).put("type", typical("OV_SSL_CERT"))
                .put("brand", typical("GLOBALSIGN")).put("expire_time", zoned(leaf.notAfter(), PLAIN))
                .put("domain_type", domainType(leaf)).put("validity_period", typical(12))
                .put("status", certificate.status(now)).put("domain_count", leaf.domainCount())
                .put("wildcard_count", leaf.wildcardCount()).putNull("description").put("domain_id", domainId)
                .put("enterprise_project_id", certificate.enterpriseProjectId());
    }

    JsonObject detail(StoredCertificate certificate) {
        var leaf = certificate.leaf();
        return new JsonObject().put("id", certificate.id()).put("status", certificate.status(now)).putNull("order_id")
                .put("name", certificate.name()).put("type", typical("OV_SSL_CERT")).put("brand", typical("GLOBALSIGN"))
                .put("push_support", certificate.pushable(now) ? "ON" : "OFF").putNull("revoke_reason")
                .put(switches.get(Switch.SIGNATURE_SPELLING), typical(leaf.signatureAlgorithm())).putNull("issue_time")
                .put("not_before", date(leaf.notBefore())).put("not_after", date(leaf.notAfter()))
                .put("validity_period", typical(12)).putNull("validation_method").put("domain_type", domainType(leaf))
                .putNull("multi_domain_type").put("domain", leaf.domain()).put("sans", sans(leaf))
                .put("domain_count", leaf.domainCount()).put("wildcard_count", leaf.wildcardCount())
                .put("fingerprint", fingerprint(leaf)).put("shared", false).putNull("application_info")
                .putNull("description").put("enterprise_project_id", certificate.enterpriseProjectId())
                .putNull("authentification");
    }

    private Object typical(Object value) {
        return switches.is(Switch.UPLOAD_FIELDS, "typical") ? value : null;
    }

    private String sans(LeafFacts leaf) {
        var form = switches.get(Switch.SANS_FORM);
        var names = new ArrayList<String>();
        if (form.endsWith("-with-domain")) {
            names.add(leaf.domain());
        }
        names.addAll(leaf.names());
        return String.join(form.startsWith("comma") ? "," : ";", names);
    }

    private String date(Instant time) {
        return zoned(time, switches.is(Switch.DATE_FORM, "iso-8601") ? DateTimeFormatter.ISO_OFFSET_DATE_TIME : PLAIN);
    }

    private String zoned(Instant time, DateTimeFormatter form) {
        return form.format(time.atZone(ZoneId.of(switches.get(Switch.EXPIRE_ZONE))));
    }

    private String fingerprint(LeafFacts leaf) {
        if (switches.is(Switch.FINGERPRINT_FORM, "lower-hex")) {
            return leaf.fingerprint();
        }
        return String.join(":", leaf.fingerprint().toUpperCase(Locale.ROOT).split("(?<=\\G..)"));
    }

    private static String domainType(LeafFacts leaf) {
        if (leaf.domainCount() > 1) {
            return "MULTI_DOMAIN";
        }
        return leaf.wildcardCount() == 1 ? "WILDCARD" : "SINGLE_DOMAIN";
    }
}
