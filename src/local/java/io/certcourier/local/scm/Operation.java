package io.certcourier.local.scm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The SCM operations the emulator offers; every other path or method answers 404 APIGW.0101. */
public enum Operation {
    IMPORT,
    LIST,
    SHOW,
    DELETE,
    PUSH,
    BATCH_PUSH,
    EXPORT,
    DEPLOY,
    DEPLOYED_RESOURCES;

    private static final String PREFIX = "/v3/scm/";

    /**
     * A request line resolved.
     *
     * @param certificateId decoded; null where the path names none
     */
    record Route(Operation operation, String certificateId) {
    }

    /** The word in the ledger, in faults and over HTTP: {@code batch-push}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException no operation has that label */
    public static Operation of(String label) {
        return Arrays.stream(values()).filter(operation -> operation.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no operation " + label + "."));
    }

    static Optional<Route> route(String method, String rawPath) {
        if (!rawPath.startsWith(PREFIX)) {
            return Optional.empty();
        }
        var parts = rawPath.substring(PREFIX.length()).split("/", -1);
        if (parts.length == 1 && parts[0].equals("deployed-resources")) {
            return method.equals("POST") ? Optional.of(new Route(DEPLOYED_RESOURCES, null)) : Optional.empty();
        }
        if (!parts[0].equals("certificates")) {
            return Optional.empty();
        }
        return switch (parts.length) {
            case 1 -> method.equals("GET") ? Optional.of(new Route(LIST, null)) : Optional.empty();
            case 2 -> oneCertificate(method, parts[1]);
            case 3 -> method.equals("POST") ? action(parts[1], parts[2]) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Route> oneCertificate(String method, String part) {
        if (method.equals("POST")) {
            return part.equals("import") ? Optional.of(new Route(IMPORT, null)) : Optional.empty();
        }
        return switch (method) {
            case "GET" -> withId(SHOW, part);
            case "DELETE" -> withId(DELETE, part);
            default -> Optional.empty();
        };
    }

    private static Optional<Route> action(String part, String action) {
        return switch (action) {
            case "push" -> withId(PUSH, part);
            case "batch-push" -> withId(BATCH_PUSH, part);
            case "export" -> withId(EXPORT, part);
            case "deploy" -> withId(DEPLOY, part);
            default -> Optional.empty();
        };
    }

    private static Optional<Route> withId(Operation operation, String part) {
        var id = new String(SignatureCheck.percentDecode(part), StandardCharsets.UTF_8);
        return id.isEmpty() ? Optional.empty() : Optional.of(new Route(operation, id));
    }
}
