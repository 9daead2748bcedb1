package io.certcourier.local.scm;

import java.util.Arrays;
import java.util.Locale;

import io.vertx.core.json.JsonObject;

/** Every kind of 401 and 403 that documentation or third-party code knows, for faults. */
public enum Denial {
    WRONG_SIGNATURE(Refusal.unauthenticated("verify aksk signature fail")),
    UNKNOWN_KEY(Refusal.unauthenticated("Get secretKey failed,ak:unknown,err:ak not exist")),
    LOCKED_KEY(Refusal.unauthenticated("AK access failed to reach the limit,forbidden")),
    EXPIRED_TOKEN(Refusal.unauthenticated("token expires")),
    UNREADABLE_TOKEN(Refusal.unauthenticated("decrypt token fail")),
    SKEWED_CLOCK(Refusal.gateway(401, "0303",
            "Incorrect app authentication information: signature expired, signature time:20200101T000000Z,server time:20260101T000000Z")),
    WRONG_AUTHENTICATION(Refusal.gateway(401, "0305", "Incorrect authentication information")),
    STALE_TOKEN(Refusal.gateway(401, "0307", "The token must be updated")),
    API_FORBIDDEN(Refusal.gateway(403, "0302", "The IAM user is not authorized to access the API")),
    PERMISSION_AS_0303(Refusal.gateway(403, "0303", "Incorrect app authentication information")),
    APP_FORBIDDEN(Refusal.gateway(403, "0304", "The app is not authorized to access the API")),
    ACCESS_DENIED(Refusal.gateway(403, "0306", "API access denied")),
    PROJECT_UNAVAILABLE(Refusal.gateway(403, "0310", "The project is unavailable")),
    ADDRESS_FORBIDDEN(Refusal.gateway(403, "0402", "IP address is not authorized")),
    FOREIGN_ACCOUNT(Refusal.scm("SCM.0002", "The project or account id is not the caller's.")),
    INVALID_TOKEN(Refusal.withStatus(401, "SCM.1000", "The token is not valid.")),
    RESTRICTED(Refusal.scm("SCM.1009", "The account is restricted.")),
    FROZEN(Refusal.scm("SCM.1010", "The account is frozen.")),
    NO_PERMISSION(Refusal.scm("SCM.4002", "The user has no permission for this operation.")),
    NO_DELEGATION(Refusal.withStatus(403, "CDN.00010198", "The SCM delegation is not switched on.")),
    /** The shape IAM itself answers in, without error_code. */
    IAM_STYLE(null);

    private final Refusal refusal;

    Denial(Refusal refusal) {
        this.refusal = refusal;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException there is no such reason */
    static Denial of(String label) {
        return Arrays.stream(values()).filter(denial -> denial.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no denial for reason " + label + "."));
    }

    Answer answer(Switches switches, String requestId) {
        if (refusal != null) {
            return Answer.of(refusal, switches, requestId);
        }
        return Answer.json(401, new JsonObject().put("error", new JsonObject().put("code", 401)
                .put("message", "The request you have made requires authentication.").put("title", "Unauthorized")));
    }
}
