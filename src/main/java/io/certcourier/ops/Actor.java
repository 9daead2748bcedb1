package io.certcourier.ops;

import jakarta.ws.rs.core.SecurityContext;

/** Who acts, for the audit. */
final class Actor {

    private static final String NOBODY_KNOWN = "anonymous";

    private Actor() {
    }

    static String of(SecurityContext caller) {
        var principal = caller.getUserPrincipal();
        return principal == null || principal.getName() == null || principal.getName().isBlank() ? NOBODY_KNOWN
                : principal.getName();
    }
}
