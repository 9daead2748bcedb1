package io.certcourier.ops;

import java.util.Set;
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

import io.certcourier.intake.RefusalFilter;
import io.certcourier.intake.RefusalHistory;
import io.certcourier.intake.RefusalView;
import io.certcourier.outcome.Channel;

/** Events that became no renewal. */
@Path("/v1/refusals")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "refusals")
class RefusalsResource {

    private static final Set<String> NAMES = Set.of("reasonCode", "channel", "certificateName", "source", "since", "until",
            "limit", "cursor");

    private final RefusalHistory refusals;

    RefusalsResource(RefusalHistory refusals) {
        this.refusals = refusals;
    }

    @GET
    @Operation(operationId = "listRefusals", summary = "Events that became no renewal, newest first; never what was in them", description = "All conditions together. "
            + "The header Link with rel=\"next\" leads to the next page; without it this is the last one.")
    @Parameter(name = "reasonCode", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "channel", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING, enumeration = {
            Channel.KAFKA,
            Channel.HTTP, Channel.KUBERNETES }))
    @Parameter(name = "certificateName", in = ParameterIn.QUERY, description = "Exactly this certificate name.", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "source", in = ParameterIn.QUERY, description = "Exactly this source of the event, which names its producer.", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "since", in = ParameterIn.QUERY, description = "Refused at this time or later.", schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(name = "until", in = ParameterIn.QUERY, description = "Refused before this time.", schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(name = "limit", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "200", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "From the link to the next page, unchanged.", schema = @Schema(type = SchemaType.STRING))
    @APIResponse(responseCode = "200", description = "One page", headers = @Header(name = "Link", description = "The next page, if there is one.", schema = @Schema(type = SchemaType.STRING)), content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.ARRAY, implementation = RefusalView.class)))
    @APIResponse(responseCode = "400", description = "A parameter cannot be used", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response list(@Context UriInfo uri) {
        var query = new ListQuery(uri.getQueryParameters(), NAMES);
        var page = refusals.list(new RefusalFilter(query.reasonCode(),
                query.oneOf("channel", Channel.ALL),
                query.one("certificateName"), query.one("source"), query.time("since"), query.time("until"), query.limit(),
                query.cursor()));
        var response = Response.ok(page.refusals());
        page.next().ifPresent(next -> response.link(ListQuery.nextPage(uri, next.encoded()), "next"));
        return response.build();
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "showRefusal", summary = "One refused event: where it lies, and why it was refused")
    @APIResponse(responseCode = "200", description = "The refusal", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = RefusalView.class)))
    @APIResponse(responseCode = "404", description = "There is none of this id", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public RefusalView show(@PathParam("id") UUID id) {
        return refusals.find(id).orElseThrow(NotFoundException::new);
    }
}
