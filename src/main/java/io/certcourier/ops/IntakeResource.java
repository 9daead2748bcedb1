package io.certcourier.ops;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.intake.HttpIntake;
import io.certcourier.intake.Receipt;
import io.certcourier.renewal.RenewalDetail;
import io.certcourier.renewal.Renewals;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/**
 * Events by HTTP, for producers without Kafka. The body is bytes here, read by the same reader as a record's value: no
 * framework binds, prints or validates it.
 */
@Path("/v1/renewals")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "intake")
class IntakeResource {

    static final String CLOUD_EVENT = "application/cloudevents+json";
    static final String BODY = "A CloudEvent (structured), or data with ce- headers (binary), or data alone with the header Idempotency-Key.";

    private static final Pattern WAIT = Pattern.compile("([1-9]|[12][0-9]|30)s");
    private static final Duration POLL = Duration.ofMillis(250);

    private final HttpIntake intake;
    private final Renewals renewals;
    private final InstantSource clock;

    IntakeResource(HttpIntake intake, Renewals renewals, InstantSource clock) {
        this.intake = intake;
        this.renewals = renewals;
        this.clock = clock;
    }

    @POST
    @Blocking
    @Consumes({ CLOUD_EVENT, MediaType.APPLICATION_JSON })
    @Operation(operationId = "sendEvent", summary = "Hands a renewed certificate over; the same as a record of cert-renewed", description = "Sent again, it is "
            + "recognised by source and Idempotency-Key (else by the event's id) and answered with 200. A refused event is the answer's problem, "
            + "and is kept without its content at /v1/refusals; content that no renewal can be made of is a renewal in state REJECTED.")
    @Parameter(name = "Idempotency-Key", in = ParameterIn.HEADER, description = "1 to 128 printable ASCII characters; required without an envelope.", schema = @Schema(type = SchemaType.STRING), example = "www.example.com-2026-11-24")
    @Parameter(name = "wait", in = ParameterIn.QUERY, description = "Answer when it has ended, at the latest after 1s to 30s; 200 then, 202 if it goes on.", schema = @Schema(type = SchemaType.STRING, pattern = "([1-9]|[12][0-9]|30)s"), example = "30s")
    @RequestBody(required = true, description = BODY, content = {
            @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT), examples = @ExampleObject(name = "data", value = EventExamples.DATA)),
            @Content(mediaType = CLOUD_EVENT, schema = @Schema(type = SchemaType.OBJECT), examples = @ExampleObject(name = "structured", value = EventExamples.STRUCTURED)) })
    @APIResponse(responseCode = "202", description = "Stored; it will be delivered", headers = @Header(name = "Location", schema = @Schema(type = SchemaType.STRING)), content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = RenewalDetail.class)))
    @APIResponse(responseCode = "200", description = "It was known already, or has ended while this request waited; its state is the outcome", headers = @Header(name = "Location", schema = @Schema(type = SchemaType.STRING)), content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = RenewalDetail.class)))
    @APIResponse(responseCode = "400", description = "No event can be read", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "413", description = "Larger than certcourier.intake.max-event-bytes", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "415", description = "Neither JSON nor a CloudEvent in JSON", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "422", description = "Schema, account, targets, key or certificate cannot be used, or its identity is known with other content", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class), examples = @ExampleObject(name = "KEY_MISMATCH", value = EventExamples.REFUSED)))
    @APIResponse(responseCode = "503", description = "The database is away; nothing is stored", headers = @Header(name = "Retry-After", schema = @Schema(type = SchemaType.INTEGER)), content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> send(@Parameter(hidden = true) @QueryParam("wait") List<String> wait, @Context HttpHeaders headers,
            @Context SecurityContext caller, byte[] body) {
        Duration patience = patience(wait);
        requireMediaType(headers);
        var receipt = intake.accept(Actor.of(caller), headers.getRequestHeaders(), body);
        if (receipt instanceof Receipt.Declined declined) {
            return Uni.createFrom().item(IntakeAnswer.problem(declined).response().build());
        }
        var taken = (Receipt.Taken) receipt;
        return awaitEnd(taken.renewalId(), clock.instant().plus(patience)).map(renewal -> answer(renewal, taken.duplicate()));
    }

    /** The body's form depends on it; without one the framework would guess. */
    static void requireMediaType(HttpHeaders headers) {
        if (headers.getMediaType() == null) {
            throw new NotSupportedException();
        }
    }

    private static Duration patience(List<String> wait) {
        if (wait.isEmpty()) {
            return Duration.ZERO;
        }
        var seconds = WAIT.matcher(wait.get(0));
        if (wait.size() > 1 || !seconds.matches()) {
            throw new BadParameter("wait", "It must be a time from 1s to 30s.", List.of());
        }
        return Duration.ofSeconds(Long.parseLong(seconds.group(1)));
    }

    /** Looks, and waits without a thread. */
    private Uni<RenewalDetail> awaitEnd(UUID id, Instant until) {
        return Uni.createFrom().item(() -> renewals.find(id).orElseThrow())
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onItem().transformToUni(renewal -> renewal.endedAt() != null || !clock.instant().isBefore(until)
                        ? Uni.createFrom().item(renewal)
                        : Uni.createFrom().voidItem().onItem().delayIt().by(POLL).chain(() -> awaitEnd(id, until)));
    }

    private static Response answer(RenewalDetail renewal, boolean duplicate) {
        boolean over = duplicate || renewal.endedAt() != null;
        return Response.status(over ? Response.Status.OK : Response.Status.ACCEPTED)
                .header(HttpHeaders.LOCATION, URI.create("/v1/renewals/" + renewal.renewalId()))
                .tag(Long.toString(renewal.epoch())).entity(renewal).build();
    }
}
