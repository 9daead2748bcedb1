package io.certcourier.ops;

import java.util.List;
import java.util.UUID;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.renewal.AuditStore;

/** Who did what, and why. */
@Path("/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "audit")
class AuditResource {

    private final AuditStore trail;

    AuditResource(AuditStore trail) {
        this.trail = trail;
    }

    @GET
    @Operation(operationId = "listAudit", summary = "Operators' actions, newest first")
    public List<AuditStore.Entry> list(
            @Parameter(description = "Of this renewal only.") @QueryParam("renewalId") UUID renewal,
            @Parameter(description = "Older than the entry of this id: the last one of the page before.") @QueryParam("before") @DefaultValue("9223372036854775807") long before,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        return trail.page(before, renewal, limit);
    }
}
