package io.certcourier.ops;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;

/**
 * Who may do what: the only place that decides it, for every request of the API port. What no line names is for admins, so that
 * a route which was forgotten here is closed, not open.
 */
@ApplicationScoped
class ApiPolicy implements HttpSecurityPolicy {

    static final String VIEWER = "viewer";
    static final String OPERATOR = "operator";
    static final String ADMIN = "admin";
    static final String PRODUCER = "producer";

    private record Rule(String method, Pattern path, Set<String> roles) {

        static Rule of(String method, String path, String... roles) {
            return new Rule(method, Pattern.compile(path), Set.of(roles));
        }

        boolean covers(String method, String path) {
            return this.method.equals(method) && this.path.matcher(path).matches();
        }
    }

    /** The first line that fits decides. */
    private static final List<Rule> RULES = List.of(
            Rule.of("GET", "/v1/recipient-keys", VIEWER, OPERATOR, ADMIN, PRODUCER),
            Rule.of("GET", "/v1/(renewals|refusals|accounts|audit|certificates|errors)(/[^/]+)?", VIEWER, OPERATOR, ADMIN),
            Rule.of("GET", "/v1/outbox/parked", VIEWER, OPERATOR, ADMIN),
            Rule.of("GET", "/openapi", VIEWER, OPERATOR, ADMIN, PRODUCER),
            Rule.of("POST", "/v1/renewals/[^/]+/(retry|hold|release|cancel)", OPERATOR, ADMIN),
            Rule.of("POST", "/v1/(renewals|plans)", PRODUCER));

    private final boolean anonymousMay;

    ApiPolicy(OpsConfig config) {
        this.anonymousMay = config.allowAnonymous();
    }

    @Override
    public Uni<CheckResult> checkPermission(RoutingContext request, Uni<SecurityIdentity> identity,
            AuthorizationRequestContext context) {
        if (anonymousMay) {
            return CheckResult.permit();
        }
        var roles = rolesFor(request.request().method().name(), request.normalizedPath());
        // a failure, where a plain no would be answered without a body
        return identity.map(caller -> {
            if (roles.stream().noneMatch(caller::hasRole)) {
                throw caller.isAnonymous() ? new UnauthorizedException() : new ForbiddenException();
            }
            return CheckResult.PERMIT;
        });
    }

    /** Any of these is enough; HEAD goes with GET. */
    static Set<String> rolesFor(String method, String path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        return RULES.stream().filter(rule -> rule.covers(asked, path)).findFirst().map(Rule::roles).orElse(Set.of(ADMIN));
    }
}
