package io.certcourier.ops;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.renewal.AccountActionStore;
import io.certcourier.scm.AccountStore;
import io.certcourier.scm.AccountStore.AccountState;

/** The accounts: whether they are called, and with what budget. */
@Path("/v1/accounts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "accounts")
class AccountsResource {

    private final AccountStore states;
    private final AccountActionStore actions;

    AccountsResource(AccountStore states, AccountActionStore actions) {
        this.states = states;
        this.actions = actions;
    }

    @GET
    @Operation(operationId = "listAccounts", summary = "All accounts: breaker, budgets, targets; no credential")
    public List<AccountState> list() {
        return states.all();
    }

    @POST
    @Path("/{name}/pause")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "pauseAccount", summary = "Nothing is called for it until it is resumed; deadlines go on")
    @APIResponse(responseCode = "202", description = "Paused", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = AccountState.class)))
    @APIResponse(responseCode = "200", description = "It was paused already", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = AccountState.class)))
    @APIResponse(responseCode = "404", description = "There is none of this name", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response pause(@PathParam("name") String name, @NotNull @Valid OperatorWish wish, @Context SecurityContext caller) {
        find(name);
        return answer(actions.pause(name, Actor.of(caller), wish.reason()), name);
    }

    @POST
    @Path("/{name}/resume")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "resumeAccount", summary = "A paused or denied account is probed with one call, at once")
    @APIResponse(responseCode = "202", description = "It will be probed", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = AccountState.class)))
    @APIResponse(responseCode = "200", description = "It is called anyway", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = AccountState.class)))
    @APIResponse(responseCode = "404", description = "There is none of this name", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response resume(@PathParam("name") String name, @NotNull @Valid OperatorWish wish, @Context SecurityContext caller) {
        find(name);
        return answer(actions.resume(name, Actor.of(caller), wish.reason()), name);
    }

    private AccountState find(String name) {
        return states.all().stream().filter(account -> account.account().equals(name)).findFirst()
                .orElseThrow(NotFoundException::new);
    }

    private Response answer(boolean changed, String name) {
        return Response.status(changed ? Response.Status.ACCEPTED : Response.Status.OK).entity(find(name)).build();
    }
}
