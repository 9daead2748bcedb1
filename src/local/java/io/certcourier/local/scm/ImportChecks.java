package io.certcourier.local.scm;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.vertx.core.json.JsonObject;

/**
 * What an import must pass, in an order of ours: the real one is not documented. The first check that fails names the code.
 * No sentence but the duplicate's speaks of something that exists, because clients look for that word.
 */
final class ImportChecks {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{3,63}");
    static final Pattern ENTERPRISE_PROJECT = Pattern
            .compile("all|0|[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}");
    private static final int SMALL = 4096;
    private static final int CHAIN = 8192;

    private final Switches switches;

    ImportChecks(Switches switches) {
        this.switches = switches;
    }

    /** @throws Refusal the first check that fails */
    ImportedPair check(JsonObject body, CertificateStore store, Instant now) {
        checkFields(body);
        if (!NAME.matcher(body.getString("name")).matches()) {
            throw Refusal.scm("SCM.0032", "The certificate name is not allowed.");
        }
        if (body.getString("private_key").isBlank()) {
            throw Refusal.scm("SCM.0059", "The private key is empty.");
        }
        var blocks = PemText.certificates(body.getString("certificate"));
        var chain = body.getString("certificate_chain", "");
        var issuerBlocks = chain.isEmpty() ? blocks.subList(1, blocks.size()) : PemText.certificates(chain);
        var keyBlocks = PemText.privateKey(body.getString("private_key"));
        var leaf = parse(blocks.get(0), "SCM." + switches.get(Switch.PARSE_CODE), "certificate");
        var all = new ArrayList<>(List.of(leaf));
        issuerBlocks.forEach(block -> all.add(parse(block, "SCM.0013", "certificate chain")));
        checkKey(keyBlocks, leaf);
        checkOrder(all);
        var facts = facts(leaf);
        if (facts.notAfter().isBefore(now)) {
            throw Refusal.configured(switches.get(Switch.EXPIRED_CODE), "The certificate has expired.");
        }
        if (!switches.is(Switch.QUOTA, "none") && store.size() >= switches.number(Switch.QUOTA)) {
            throw Refusal.scm("SCM.9003", "The quota of uploaded certificates is used up.");
        }
        checkDuplicate(body, facts, store);
        return new ImportedPair(facts, blocks.get(0).text(),
                issuerBlocks.stream().map(PemText.Block::text).collect(Collectors.joining("\n")),
                keyBlocks.stream().map(PemText.Block::text).collect(Collectors.joining("\n")),
                body.getString("enc_certificate"), body.getString("enc_private_key"));
    }

    private void checkFields(JsonObject body) {
        for (var required : List.of("name", "certificate", "private_key")) {
            if (!(body.getValue(required) instanceof String)) {
                throw Refusal.badParameter("The field " + required + " is missing or not a string.");
            }
        }
        for (var text : List.of("certificate_chain", "enc_certificate", "enc_private_key", "enterprise_project_id")) {
            if (body.getValue(text) != null && !(body.getValue(text) instanceof String)) {
                throw Refusal.badParameter("The field " + text + " is not a string.");
            }
        }
        if (body.getValue("duplicate_check") != null && !(body.getValue("duplicate_check") instanceof Boolean)) {
            throw Refusal.badParameter("The field duplicate_check is not a boolean.");
        }
        if (switches.is(Switch.SIZE_LIMITS, "enforce")) {
            for (var field : List.of("certificate", "private_key", "enc_certificate", "enc_private_key")) {
                checkSize(body, field, SMALL);
            }
            checkSize(body, "certificate_chain", CHAIN);
        }
        if (!ENTERPRISE_PROJECT.matcher(body.getString("enterprise_project_id", "0")).matches()) {
            throw Refusal.badParameter("The field enterprise_project_id is wrong.");
        }
    }

    private static void checkSize(JsonObject body, String field, int limit) {
        if (body.getString(field, "").length() > limit) {
            throw Refusal.badParameter("The field " + field + " is longer than " + limit + " characters.");
        }
    }

    private static X509Certificate parse(PemText.Block block, String code, String what) {
        try {
            if (block.der() != null) {
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.der()));
            }
        } catch (CertificateException notACertificate) {
            throw Refusal.scm(code, "The " + what + " cannot be parsed.");
        }
        throw Refusal.scm(code, "The " + what + " cannot be parsed.");
    }

    private void checkKey(List<PemText.Block> keyBlocks, X509Certificate leaf) {
        var key = PrivateKeys.read(keyBlocks);
        if (switches.is(Switch.WEAK_KEYS, "refuse") && PrivateKeys.weak(leaf.getPublicKey())) {
            throw Refusal.scm("SCM.0012", "This kind of private key is not supported.");
        }
        if (!PrivateKeys.belongs(key, leaf.getPublicKey())) {
            throw Refusal.scm("SCM.0014", "The certificate and the private key do not belong together.");
        }
    }

    private static void checkOrder(List<X509Certificate> all) {
        if (all.size() == 1) {
            throw Refusal.scm("SCM.0109", "The certificate chain holds only one certificate.");
        }
        for (var at = 1; at < all.size(); at++) {
            if (!all.get(at - 1).getIssuerX500Principal().equals(all.get(at).getSubjectX500Principal())) {
                throw Refusal.scm("SCM.0079", "The certificate chain is broken.");
            }
        }
    }

    private LeafFacts facts(X509Certificate leaf) {
        try {
            var facts = LeafFacts.of(leaf);
            if (facts.commonName() == null && switches.is(Switch.NO_COMMON_NAME, "refuse")) {
                throw Refusal.scm("SCM.0009", "The certificate names no domain.");
            }
            return facts;
        } catch (CertificateParsingException unreadable) {
            throw Refusal.scm("SCM." + switches.get(Switch.PARSE_CODE), "The certificate cannot be parsed.");
        }
    }

    private void checkDuplicate(JsonObject body, LeafFacts facts, CertificateStore store) {
        var mayRepeat = body.getBoolean("duplicate_check", switches.is(Switch.DUPLICATE_DEFAULT, "allow")); // true means allowed
        if (mayRepeat) {
            return;
        }
        var sameLeaf = store.hasFingerprint(facts.fingerprint());
        var sameName = store.hasName(body.getString("name"));
        var duplicate = switch (switches.get(Switch.DUPLICATE_MATCH)) {
            case "leaf" -> sameLeaf;
            case "name" -> sameName;
            default -> sameLeaf || sameName;
        };
        if (duplicate) {
            throw Refusal.configured(switches.get(Switch.DUPLICATE_CODE), "The certificate already exists.");
        }
    }
}
