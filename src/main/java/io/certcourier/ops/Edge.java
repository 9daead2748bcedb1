package io.certcourier.ops;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** What is refused before any resource is asked, and therefore before a body is read; as problems, like everything else. */
@ApplicationScoped
class Edge {

    /** After authentication and authorisation, before Quarkus' own limit, which answers without a body. */
    private static final int PRIORITY = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RequestRate rate;
    private final long maxBodyBytes;

    Edge(RequestRate rate, SmallRyeConfig config) {
        this.rate = rate;
        this.maxBodyBytes = config.getValue("quarkus.http.limits.max-body-size", MemorySize.class).asLongValue();
    }

    void limit(@Observes Filters filters) {
        filters.register(this::limit, PRIORITY);
    }

    void answerFailures(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(Edge::failed);
    }

    private void limit(RoutingContext request) {
        int wait = rate.secondsToWait(caller(request));
        if (wait > 0) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(wait));
            answer(request, Problem.of(Status.TOO_MANY_REQUESTS,
                    "More requests than certcourier.ops.requests-per-minute allows one caller; wait as Retry-After says."));
        } else if (declaredLength(request) > maxBodyBytes) {
            tooLarge(request);
        } else {
            request.next();
        }
    }

    private static String caller(RoutingContext request) {
        return request.user() instanceof QuarkusHttpUser user
                ? Optional.ofNullable(user.getSecurityIdentity().getPrincipal().getName()).orElse("")
                : "";
    }

    private static long declaredLength(RoutingContext request) {
        String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
    }

    /** Only what is known here; everything else goes on to where it went before. */
    private static void failed(RoutingContext request) {
        var failure = request.failure();
        if (request.response().headWritten()) {
            request.next();
        } else if (failure instanceof UnauthorizedException || failure instanceof AuthenticationFailedException) {
            request.response().putHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            answer(request, Problem.of(Status.UNAUTHORIZED,
                    "A token of the issuer that this service trusts is missing, or cannot be used any more."));
        } else if (failure instanceof ForbiddenException) {
            answer(request, Problem.of(Status.FORBIDDEN, "The token names no role that may do this."));
        } else if (request.statusCode() == Status.REQUEST_ENTITY_TOO_LARGE.getStatusCode()) {
            tooLarge(request);
        } else {
            request.next();
        }
    }

    /** What is still on its way is not waited for. */
    private static void tooLarge(RoutingContext request) {
        request.response().putHeader("Connection", "close");
        answer(request, Problem.of(Status.REQUEST_ENTITY_TOO_LARGE, Problems.TOO_LARGE));
    }

    private static void answer(RoutingContext request, Problem problem) {
        try {
            request.response().setStatusCode(problem.status()).putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(JSON.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem of ours cannot be written", e);
        }
    }
}
