package io.certcourier.ops;

import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.renewal.RenewalDetail;
import io.certcourier.renewal.RenewalView;
import io.certcourier.renewal.Renewals;

/** Renewals and what became of them. */
@Path("/v1/renewals")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "renewals")
class RenewalsResource {

    private final Renewals renewals;

    RenewalsResource(Renewals renewals) {
        this.renewals = renewals;
    }

    @GET
    @Operation(operationId = "listRenewals", summary = "Renewals, newest first", description = "All conditions together. "
            + "The header Link with rel=\"next\" leads to the next page; without it this is the last one.")
    @Parameter(name = "state", in = ParameterIn.QUERY, description = "Any of these states; can be given more than once.", schema = @Schema(type = SchemaType.ARRAY, implementation = String.class))
    @Parameter(name = "outcome", in = ParameterIn.QUERY, description = "Ended, and with any of these outcomes; can be given more than once.", schema = @Schema(type = SchemaType.ARRAY, implementation = String.class))
    @Parameter(name = "certificateName", in = ParameterIn.QUERY, description = "Exactly this certificate name.", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "account", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "reasonCode", in = ParameterIn.QUERY, description = "Why it failed, waits or is held.", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "since", in = ParameterIn.QUERY, description = "Accepted at this time or later.", schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(name = "until", in = ParameterIn.QUERY, description = "Accepted before this time.", schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(name = "limit", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "200", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "From the link to the next page, unchanged.", schema = @Schema(type = SchemaType.STRING))
    @APIResponse(responseCode = "200", description = "One page", headers = @Header(name = "Link", description = "The next page, if there is one.", schema = @Schema(type = SchemaType.STRING)), content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.ARRAY, implementation = RenewalView.class)))
    @APIResponse(responseCode = "400", description = "A parameter cannot be used", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response list(@Context UriInfo uri) {
        var page = renewals.list(RenewalQuery.read(uri.getQueryParameters()));
        var response = Response.ok(page.renewals());
        page.next().ifPresent(next -> response.link(ListQuery.nextPage(uri, next.encoded()), "next"));
        return response.build();
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "showRenewal", summary = "One renewal: its targets, calls, timeline and remedy")
    @APIResponse(responseCode = "200", description = "The renewal as it is now", headers = @Header(name = "ETag", description = "Its epoch, which every action on it must name.", schema = @Schema(type = SchemaType.STRING)), content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = RenewalDetail.class)))
    @APIResponse(responseCode = "404", description = "There is none of this id", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response show(@PathParam("id") UUID id) {
        var renewal = renewals.find(id).orElseThrow(NotFoundException::new);
        return Response.ok(renewal).tag(Long.toString(renewal.epoch())).build();
    }
}
