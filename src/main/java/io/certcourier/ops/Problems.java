package io.certcourier.ops;

import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BooleanSupplier;

import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;

import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;

import io.certcourier.intake.DatabaseAway;
import io.certcourier.renewal.ActionRefused;
import io.certcourier.scm.ScmFailure;

/** Every failure of a request becomes a problem document here, and nowhere else. */
class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final int RETRY_AFTER_SECONDS = 5;
    static final String TOO_LARGE = "The body is larger than quarkus.http.limits.max-body-size; no request needs as much.";

    private final ApiRoutes routes;
    private final BooleanSupplier schemaLacks;

    @Inject
    Problems(ApiRoutes routes, Schema schema) {
        this(routes, () -> schema.lack().isPresent());
    }

    Problems(ApiRoutes routes, BooleanSupplier schemaLacks) {
        this.routes = routes;
        this.schemaLacks = schemaLacks;
    }

    @ServerExceptionMapper
    public Response badParameter(BadParameter failure) {
        return Problem.of(Status.BAD_REQUEST, "Bad parameter", "A parameter of the request cannot be used.",
                List.of(failure.violation())).response().build();
    }

    /** JSON of another shape; the framework's own mapper would answer with the value that it could not read. */
    @ServerExceptionMapper
    public Response otherShape(MismatchedInputException failure) {
        return Problem.of(Status.BAD_REQUEST, "Bad body", "The body is JSON of another shape than this path reads.", null)
                .response().build();
    }

    /** An action that the renewal's state does not allow. */
    @ServerExceptionMapper
    public Response refusedAction(ActionRefused refused) {
        Status status = switch (refused.reason()) {
            case NOT_FOUND -> Status.NOT_FOUND;
            case STALE -> Status.PRECONDITION_FAILED;
            case ENDED, NOT_APPLICABLE, QUEUED, EVENT_NEEDED, NEWER_RENEWAL, NOT_THIS_CERTIFICATE, ACCOUNT_NOT_CALLED ->
                Status.CONFLICT;
        };
        String title = status == Status.CONFLICT ? refused.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                : status.getReasonPhrase();
        return Problem.of(status, title, refused.getMessage(), null).response().build();
    }

    /** An event that was not stored because nothing can be now. */
    @ServerExceptionMapper
    public Response away(DatabaseAway away) {
        LOG.warn(away.getMessage());
        return databaseAway();
    }

    /** SCM was asked for a person, and did not tell. */
    @ServerExceptionMapper
    public Response cloud(ScmFailure failure) {
        return Problem.of(Status.BAD_GATEWAY, failure.getMessage()).response().build();
    }

    /** Bean validation of a resource's parameters: the last node of the path is the parameter's name. */
    @ServerExceptionMapper
    public Response invalid(ConstraintViolationException failure) {
        var errors = failure.getConstraintViolations().stream().map(violation -> {
            String name = null;
            for (var node : violation.getPropertyPath()) {
                name = node.getName();
            }
            return new Problem.Violation(name, violation.getMessage(), null);
        }).toList();
        return Problem.of(Status.BAD_REQUEST, "Bad parameter", "A parameter of the request cannot be used.", errors).response()
                .build();
    }

    /** What JAX-RS itself refuses: unknown path, method, media type. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException failure, UriInfo uri) {
        return refused(failure, uri.getPath());
    }

    Response refused(WebApplicationException failure, String path) {
        int code = failure.getResponse().getStatus();
        Status status = Status.fromStatusCode(code);
        if (status == null || code >= 500) {
            return unexpected(failure);
        }
        if (code < 400) {
            return failure.getResponse();
        }
        var answer = Problem.of(status, sentence(status)).response();
        return (status == Status.METHOD_NOT_ALLOWED
                ? answer.header(HttpHeaders.ALLOW, String.join(", ", routes.methods(path)))
                : answer).build();
    }

    /** The database away is told apart from a bug: callers may try again. */
    @ServerExceptionMapper
    public Response unexpected(Throwable failure) {
        if (databaseAway(failure) || schemaLacks.getAsBoolean()) {
            LOG.warnf("a request found no database: %s", failure.getClass().getSimpleName());
            return databaseAway();
        }
        var instance = URI.create("urn:uuid:" + UUID.randomUUID());
        LOG.errorf(failure, "a request failed inside: instance=%s", instance);
        return Problem.unexpected(instance).response().build();
    }

    private static Response databaseAway() {
        return Problem.of(Status.SERVICE_UNAVAILABLE, "The database does not answer; try again later.").response()
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).build();
    }

    private static String sentence(Status status) {
        return switch (status) {
            case NOT_FOUND -> "There is nothing under this path.";
            case PRECONDITION_REQUIRED -> "If-Match is missing: send the renewal's ETag, or * for whatever it is now.";
            case PRECONDITION_FAILED -> "The renewal has changed since: look at it again.";
            case METHOD_NOT_ALLOWED -> "The path does not know this method.";
            case NOT_ACCEPTABLE -> "The answer cannot be given in a media type that the request accepts.";
            case UNSUPPORTED_MEDIA_TYPE -> "The body's media type is not read here.";
            case REQUEST_ENTITY_TOO_LARGE -> TOO_LARGE;
            default -> "The request cannot be served.";
        };
    }

    /** No state: the pool gave no connection in time. 08, 53, 57: connection, resources, operator intervention. */
    private static boolean databaseAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
            }
        }
        return false;
    }
}
