package io.certcourier.ops;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.intake.HttpIntake;
import io.certcourier.intake.Receipt;
import io.certcourier.renewal.RenewalPlan;

/** What an event would do, without doing it. */
@Path("/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "intake")
class PlansResource {

    private final HttpIntake intake;

    PlansResource(HttpIntake intake) {
        this.intake = intake;
    }

    @POST
    @Consumes({ IntakeResource.CLOUD_EVENT, MediaType.APPLICATION_JSON })
    @Operation(operationId = "planEvent", summary = "Checks an event as if it were sent, and tells targets and calls; stores nothing")
    @Parameter(name = "Idempotency-Key", in = ParameterIn.HEADER, description = "1 to 128 printable ASCII characters; required without an envelope.", schema = @Schema(type = SchemaType.STRING), example = "www.example.com-2026-11-24")
    @RequestBody(required = true, description = IntakeResource.BODY, content = {
            @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT), examples = @ExampleObject(name = "data", value = EventExamples.DATA)),
            @Content(mediaType = IntakeResource.CLOUD_EVENT, schema = @Schema(type = SchemaType.OBJECT), examples = @ExampleObject(name = "structured", value = EventExamples.STRUCTURED)) })
    @APIResponse(responseCode = "200", description = "It would be taken", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = RenewalPlan.class)))
    @APIResponse(responseCode = "400", description = "No event can be read", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "413", description = "Larger than certcourier.intake.max-event-bytes", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "415", description = "Neither JSON nor a CloudEvent in JSON", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "422", description = "It would be refused", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class), examples = @ExampleObject(name = "KEY_MISMATCH", value = EventExamples.REFUSED)))
    @APIResponse(responseCode = "503", description = "The database is away", content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response plan(@Context HttpHeaders headers, @Context SecurityContext caller, byte[] body) {
        IntakeResource.requireMediaType(headers);
        var trial = intake.plan(Actor.of(caller), headers.getRequestHeaders(), body);
        return trial.receipt() instanceof Receipt.Declined declined ? IntakeAnswer.trialProblem(declined).response().build()
                : Response.ok(trial.plan()).build();
    }
}
