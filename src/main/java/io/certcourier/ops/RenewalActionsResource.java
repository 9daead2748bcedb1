package io.certcourier.ops;

import java.util.UUID;
import java.util.function.Predicate;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.renewal.OperatorAction;
import io.certcourier.renewal.OperatorActions;
import io.certcourier.renewal.RenewalDetail;
import io.certcourier.renewal.Renewals;

/**
 * What operators do with one renewal. Each action needs If-Match with the renewal's ETag, or {@code *}; 202 answers with the
 * renewal as it is then, 200 if it was so already and nothing was done.
 */
@Path("/v1/renewals/{id}")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "actions")
@APIResponse(responseCode = "202", description = "Done, or the replica that works on it was asked", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = RenewalDetail.class)))
@APIResponse(responseCode = "200", description = "It is so already; nothing was done", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = RenewalDetail.class)))
@APIResponse(responseCode = "404", description = "There is none of this id", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(responseCode = "409", description = "Its state does not allow it; the detail says why", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(responseCode = "412", description = "It has changed since", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(responseCode = "428", description = "If-Match is missing", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
class RenewalActionsResource {

    private final OperatorActions actions;
    private final Renewals renewals;

    RenewalActionsResource(OperatorActions actions, Renewals renewals) {
        this.actions = actions;
        this.renewals = renewals;
    }

    @POST
    @Path("/retry")
    @Operation(operationId = "retryRenewal", summary = "Due at once; an ended one gets a new round for the targets that are missing")
    public Response retry(@PathParam("id") UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @NotNull @Valid OperatorWish wish, @Context SecurityContext caller) {
        return act(id, ifMatch, wish.reason(), caller, actions::retry);
    }

    @POST
    @Path("/hold")
    @Operation(operationId = "holdRenewal", summary = "No further call until it is released; the deadline goes on")
    public Response hold(@PathParam("id") UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @NotNull @Valid OperatorWish wish, @Context SecurityContext caller) {
        return act(id, ifMatch, wish.reason(), caller, actions::hold);
    }

    @POST
    @Path("/release")
    @Operation(operationId = "releaseRenewal", summary = "Out of HELD, whatever held it")
    public Response release(@PathParam("id") UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @NotNull @Valid OperatorWish wish, @Context SecurityContext caller) {
        return act(id, ifMatch, wish.reason(), caller, actions::release);
    }

    @POST
    @Path("/cancel")
    @Operation(operationId = "cancelRenewal", summary = "Ends it; a call in flight is finished first")
    public Response cancel(@PathParam("id") UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @NotNull @Valid OperatorWish wish, @Context SecurityContext caller) {
        return act(id, ifMatch, wish.reason(), caller, actions::cancel);
    }

    @POST
    @Path("/resolve")
    @Operation(operationId = "resolveRenewal", summary = "Says what became of an import that nobody could confirm", description = "Only for a renewal that is held from RESOLVING or CONFIRMING. "
            + "A certificateId is shown by SCM first, and must be the renewal's certificate.")
    public Response resolve(@PathParam("id") UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @NotNull @Valid ResolveWish wish, @Context SecurityContext caller) {
        return act(id, ifMatch, wish.reason(), caller, action -> wish.certificateId() == null ? actions.notImported(action)
                : actions.imported(action, wish.certificateId()));
    }

    private Response act(UUID id, String ifMatch, String why, SecurityContext caller, Predicate<OperatorAction> action) {
        boolean changed = action.test(new OperatorAction(id, IfMatch.epoch(ifMatch), Actor.of(caller), why));
        var renewal = renewals.find(id).orElseThrow();
        return Response.status(changed ? Response.Status.ACCEPTED : Response.Status.OK).entity(renewal)
                .tag(Long.toString(renewal.epoch())).build();
    }
}
