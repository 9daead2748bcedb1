package io.certcourier.local.scm;

import java.util.Map;

/** An answer that says no, with its code and sentence; carries no stack because it is an ordinary outcome of a call. */
final class Refusal extends RuntimeException {

    private static final int BY_TABLE = 0;
    private static final Map<String, Integer> FIXED_STATUS = Map.of("SCM.0002", 403, "SCM.1009", 401, "SCM.1010", 401,
            "SCM.4002", 401);

    private final int status;
    private final String code;
    private final boolean fromGateway;

    private Refusal(int status, String code, String text, boolean fromGateway) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
        this.fromGateway = fromGateway;
    }

    /** A business error; its HTTP status follows the code table and the switch business-status. */
    static Refusal scm(String code, String text) {
        return new Refusal(FIXED_STATUS.getOrDefault(code, BY_TABLE), code, text, false);
    }

    /** @param codeAndStatus a code, optionally with its status: {@code SCM.9001} or {@code SCM.0201/409} */
    static Refusal configured(String codeAndStatus, String text) {
        var parts = codeAndStatus.split("/");
        return parts.length == 1 ? scm(parts[0], text) : new Refusal(Integer.parseInt(parts[1]), parts[0], text, false);
    }

    static Refusal withStatus(int status, String code, String text) {
        return new Refusal(status, code, text, false);
    }

    /** @param number the four digits behind the prefix, which is a switch */
    static Refusal gateway(int status, String number, String text) {
        return new Refusal(status, number, text, true);
    }

    static Refusal badParameter(String text) {
        return scm("SCM.0005", text);
    }

    static Refusal unauthenticated(String cause) {
        return gateway(401, "0301", "Incorrect IAM authentication information: " + cause);
    }

    boolean fromGateway() {
        return fromGateway;
    }

    String code(Switches switches) {
        return fromGateway ? switches.get(Switch.GATEWAY_PREFIX) + "." + code : code;
    }

    int status(Switches switches) {
        if (status != BY_TABLE) {
            return status;
        }
        return switch (switches.get(Switch.BUSINESS_STATUS)) {
            case "500" -> 500;
            case "v3-pages" -> statusByKind();
            default -> 400;
        };
    }

    /** The v3 pages list only 401, 403, 404 and 500 for failures. */
    private int statusByKind() {
        return switch (code) {
            case "SCM.0010", "SCM.0202", "SCM.0212", "SCM.0222" -> 403;
            case "SCM.0008", "SCM.0020", "SCM.0069" -> 404;
            default -> 500;
        };
    }
}
