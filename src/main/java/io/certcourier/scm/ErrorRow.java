package io.certcourier.scm;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.certcourier.certificate.TargetService;

/** One row of scm/errors.json, or a refinement of one; that file explains the fields. Any of them may be null. */
record ErrorRow(String code, String kind, List<String> http, List<String> operations, Boolean bodyUnusable,
        Scope scope,
        Disposition disposition, Retries retries, Effect effect, TargetService service, ScmFailure.Consequence consequence,
        String reasonCode, String meaning, List<String> messageHints, List<String> withoutHints, String auth,
        List<ErrorRow> when) {

    enum Scope {
        REQUEST,
        CERTIFICATE,
        TARGET,
        ACCOUNT,
        PROVIDER
    }

    enum Disposition {
        @JsonProperty("retryable")
        RETRYABLE,
        @JsonProperty("terminal")
        TERMINAL,
        @JsonProperty("account-wide")
        ACCOUNT_WIDE,
        @JsonProperty("already-done")
        ALREADY_DONE
    }

    enum Retries {
        @JsonProperty("once")
        ONCE,
        @JsonProperty("few")
        FEW,
        @JsonProperty("until-deadline")
        UNTIL_DEADLINE
    }

    enum Effect {
        NONE,
        UNKNOWN,
        DONE
    }

    /** True if operation and status are among the row's, or the row names none. */
    boolean covers(ScmOperation operation, int status) {
        return (operations == null || operations.contains("*") || operations.contains(operation.label()))
                && (http == null || http.contains(String.valueOf(status)) || http.contains(status / 100 + "xx"));
    }

    /** True if all conditions on status and text hold; the text may be null. */
    boolean holds(int status, String text) {
        return (http == null || http.contains(String.valueOf(status)) || http.contains(status / 100 + "xx"))
                && (auth == null || auth.equals("aksk"))
                && (messageHints == null || mentionsAny(text, messageHints))
                && (withoutHints == null || !mentionsAny(text, withoutHints));
    }

    /** This row with what the first fitting refinement says otherwise. */
    ErrorRow refined(int status, String text) {
        return when == null ? this
                : when.stream().filter(refinement -> refinement.holds(status, text)).findFirst().map(this::with).orElse(this);
    }

    private ErrorRow with(ErrorRow other) {
        return new ErrorRow(code, kind, http, operations, bodyUnusable, or(other.scope, scope),
                or(other.disposition, disposition), or(other.retries, retries), or(other.effect, effect),
                or(other.service, service), or(other.consequence, consequence), or(other.reasonCode, reasonCode),
                or(other.meaning, meaning), null, null, null, null);
    }

    private static <T> T or(T refined, T otherwise) {
        return refined == null ? otherwise : refined;
    }

    private static boolean mentionsAny(String text, List<String> hints) {
        return text != null && hints.stream().anyMatch(hint -> ErrorText.mentions(text, hint));
    }
}
