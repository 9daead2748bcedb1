package io.certcourier.ops;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.outcome.ParkedEvents;
import io.certcourier.outcome.ParkedEvents.ParkedEvent;
import io.certcourier.renewal.OutboxActionStore;

/** Outcomes that Kafka would not take. */
@Path("/v1/outbox")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "outbox")
class OutboxResource {

    private final ParkedEvents parked;
    private final OutboxActionStore actions;

    OutboxResource(ParkedEvents parked, OutboxActionStore actions) {
        this.parked = parked;
        this.actions = actions;
    }

    /** What the action left behind. */
    record Sent(@Schema(examples = "\"1b0da683-f227-8c7a-a3c3-191f74eea9bc.1\"") String eventId, String state) {
    }

    @GET
    @Path("/parked")
    @Operation(operationId = "listParkedEvents", summary = "Outcomes and dead letters that Kafka refused for good, oldest first")
    public List<ParkedEvent> list(
            @Parameter(description = "Stored after the event of this seq: the last one of the page before.") @QueryParam("after") @DefaultValue("0") @Min(0) long after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        return parked.list(after, limit);
    }

    @POST
    @Path("/{eventId}/send")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "sendParkedEvent", summary = "Sends it again, with the same id and bytes")
    @APIResponse(responseCode = "202", description = "The relay sends it", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Sent.class)))
    @APIResponse(responseCode = "200", description = "It is about to be sent anyway", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Sent.class)))
    @APIResponse(responseCode = "404", description = "There is none of this id, or Kafka has it", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response send(@PathParam("eventId") String eventId, @NotNull @Valid OperatorWish wish,
            @Context SecurityContext caller) {
        if (!eventId.matches("[!-~]{1,64}")) {
            throw new NotFoundException();
        }
        boolean changed = actions.send(eventId, Actor.of(caller), wish.reason()).orElseThrow(NotFoundException::new);
        return Response.status(changed ? Response.Status.ACCEPTED : Response.Status.OK)
                .entity(new Sent(eventId, "PENDING")).build();
    }
}
