package io.certcourier.local.scm;

import java.util.Locale;
import java.util.Optional;

/** The services SCM can push to, with the three codes each of them answers with. */
public enum Service {
    CDN("SCM.0211", "SCM.0212"),
    ELB("SCM.0201", "SCM.0202"),
    WAF("SCM.0221", "SCM.0222");

    private final String refusedCode;
    private final String noPermissionCode;

    Service(String refusedCode, String noPermissionCode) {
        this.refusedCode = refusedCode;
        this.noPermissionCode = noPermissionCode;
    }

    /** CDN is global; the others have one store per project. */
    public boolean hasProject() {
        return this != CDN;
    }

    /** Either case is accepted, as documentation samples use both. */
    static Optional<Service> find(String name) {
        for (var service : values()) {
            if (service.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }

    Refusal refuses(String text) {
        return Refusal.scm(refusedCode, name() + " error message: " + text);
    }

    Refusal noPermission() {
        return Refusal.scm(noPermissionCode, "The account has no permission for " + name() + ".");
    }
}
