package io.certcourier.ops;

import java.util.Set;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
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

import io.certcourier.renewal.CertificateCursor;
import io.certcourier.renewal.CertificateFilter;
import io.certcourier.renewal.CertificateStore;
import io.certcourier.renewal.CertificateView;

/** What is deployed where, and for how long. */
@Path("/v1/certificates")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "certificates")
class CertificatesResource {

    private static final Set<String> NAMES = Set.of("certificateName", "account", "expiresBefore", "limit", "cursor");

    private final CertificateStore certificates;

    CertificatesResource(CertificateStore certificates) {
        this.certificates = certificates;
    }

    @GET
    @Operation(operationId = "listCertificates", summary = "What each target has of each certificate, and for how long", description = "First those whose last renewal "
            + "did not get through, then the others; both by what expires first, the unknown before all. "
            + "The header Link with rel=\"next\" leads to the next page; without it this is the last one.")
    @Parameter(name = "certificateName", in = ParameterIn.QUERY, description = "Exactly this certificate name.", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "account", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "expiresBefore", in = ParameterIn.QUERY, description = "Only those of which a target loses its certificate before this time.", schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(name = "limit", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "200", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "From the link to the next page, unchanged.", schema = @Schema(type = SchemaType.STRING))
    @APIResponse(responseCode = "200", description = "One page", headers = @Header(name = "Link", description = "The next page, if there is one.", schema = @Schema(type = SchemaType.STRING)), content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.ARRAY, implementation = CertificateView.class)))
    @APIResponse(responseCode = "400", description = "A parameter cannot be used", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response list(@Context UriInfo uri) {
        var query = new ListQuery(uri.getQueryParameters(), NAMES);
        var page = certificates.list(new CertificateFilter(query.one("certificateName"), query.one("account"),
                query.time("expiresBefore"), query.limit(), query.cursor(CertificateCursor::parse)));
        var response = Response.ok(page.certificates());
        page.next().ifPresent(next -> response.link(ListQuery.nextPage(uri, next.encoded()), "next"));
        return response.build();
    }
}
