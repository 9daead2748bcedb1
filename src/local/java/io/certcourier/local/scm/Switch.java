package io.certcourier.local.scm;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One open point of Huawei's documentation each: nobody states the answer, so a client has to work with every value.
 * The first value is the default. Switches that take more than the listed values list samples.
 */
public enum Switch {
    /** Meaning of the list's offset. */
    OFFSET_MODE("offset-mode", "index", "page"),
    /** Whether other limits and offsets are refused. */
    LIST_STRICT("list-strict", "strict", "lenient"),
    OFFSET_MAX("offset-max", "100", "30", "none"),
    /** Whether the list honours {@code content}. */
    LIST_CONTENT("list-content", "ignored", "filter"),
    SANS_FORM("sans-form", "semicolon", "comma", "semicolon-with-domain", "comma-with-domain"),
    /** Form of not_before and not_after. */
    DATE_FORM("date-form", "yyyy-MM-dd HH:mm:ss.S", "iso-8601"),
    /** Seconds between an import and its appearance in the list. */
    LIST_LAG("list-lag", Switch::isNumber, "0", "2"),
    /** Whether a push changes certUpdateTime. */
    UPDATE_TIME_ON_PUSH("update-time-on-push", "no", "yes"),
    /** What an absent duplicate_check means. */
    DUPLICATE_DEFAULT("duplicate-default", "allow", "refuse"),
    /** Refusal of a duplicate: a code, optionally with its status. */
    DUPLICATE_CODE("duplicate-code", Switch::isCode, "SCM.9001", "SCM.0028/500"),
    /** What counts as the same certificate. */
    DUPLICATE_MATCH("duplicate-match", "leaf", "name", "leaf-or-name"),
    /** Refusal of an expired import: a code, optionally with its status. */
    EXPIRED_CODE("expired-code", Switch::isCode, "SCM.9002", "SCM.0006"),
    PARSE_CODE("parse-code", "0006", "0031"),
    /** Whether 4096, 8192 and 4096 characters are enforced. */
    SIZE_LIMITS("size-limits", "enforce", "ignore"),
    /** RSA under 2048 bits, P-521, Ed25519. */
    WEAK_KEYS("weak-keys", "accept", "refuse"),
    NO_COMMON_NAME("no-common-name", "accept", "refuse"),
    /** Quota of uploads in an account. */
    QUOTA("quota", value -> value.equals("none") || isNumber(value), "none", "100"),
    IMPORT_SUCCESS("import-success", "200", "201"),
    PUSH_SUCCESS("push-success", "204", "200-object", "200-empty"),
    /** Pushing the same certificate to the same ELB or WAF target again. */
    PUSH_REPEAT("push-repeat", "copy-again", "refuse", "same-id"),
    /** Form of cert_id in a failed item of a batch push. */
    BATCH_FAILED_ID("batch-failed-id", "empty", "null", "absent"),
    BATCH_CDN("batch-cdn", "works", "refuse"),
    CDN_DELEGATION("cdn-delegation", "not-needed", "needed"),
    UNKNOWN_ID("unknown-id", "404", "SCM.0008", "SCM.0020"),
    /** HTTP status of business errors. */
    BUSINESS_STATUS("business-status", "400", "500", "v3-pages"),
    DELETE_SUCCESS("delete-success", "204", "200-object"),
    /** Whether an expired upload can be deleted. */
    DELETE_EXPIRED("delete-expired", "refuse", "allow"),
    GATEWAY_PREFIX("gateway-prefix", "APIGW", "APIG"),
    /** Code of a skewed clock. */
    CLOCK_SKEW("clock-skew", "APIGW.0303", "APIGW.0301"),
    /** Whether more than five failures in a row lock the access key. */
    AK_LOCK("ak-lock", "on", "off"),
    /** Whether X-Domain-Id must be the account's. */
    DOMAIN_HEADER("domain-header", "ignore", "check"),
    /** Call limit per account and operation: {@code 20/minute} or {@code 5/second}. */
    RATE("rate", value -> value.equals("off") || value.matches("[1-9][0-9]{0,5}/(second|minute)"), "off", "20/minute"),
    /** Time zone of expire_time, not_before, not_after. */
    EXPIRE_ZONE("expire-zone", Switch::isZone, "UTC", "Asia/Shanghai"),
    /** Type, brand, validity_period, signature_algorithm of uploads. */
    UPLOAD_FIELDS("upload-fields", "null", "typical"),
    FINGERPRINT_FORM("fingerprint-form", "lower-hex", "upper-colon"),
    SIGNATURE_SPELLING("signature-spelling", "signature_algorithm", "signature_algrithm"),
    /** scm_certificate_id of copies a push made in ELB. */
    ELB_SCM_ID("elb-scm-id", "filled", "empty");

    private static final Pattern CODE = Pattern.compile("[A-Z]{2,8}\\.[0-9]{4,8}(/[45][0-9]{2})?");

    private final String label;
    private final List<String> values;
    private final Predicate<String> accepts;

    Switch(String label, String... values) {
        this.label = label;
        this.values = List.of(values);
        this.accepts = this.values::contains;
    }

    Switch(String label, Predicate<String> accepts, String... samples) {
        this.label = label;
        this.values = List.of(samples);
        this.accepts = accepts;
    }

    /** @throws IllegalArgumentException there is no switch of that name */
    public static Switch of(String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no switch " + label + "."));
    }

    public String label() {
        return label;
    }

    /** The default first; every value of a closed switch, samples of an open one. */
    public List<String> samples() {
        return values;
    }

    String byDefault() {
        return values.get(0);
    }

    boolean accepts(String value) {
        return accepts.test(value);
    }

    private static boolean isNumber(String value) {
        return value.matches("[0-9]{1,6}");
    }

    private static boolean isCode(String value) {
        return CODE.matcher(value).matches();
    }

    private static boolean isZone(String value) {
        try {
            ZoneId.of(value);
            return true;
        } catch (DateTimeException unknown) {
            return false;
        }
    }
}
