package io.certcourier.ops;

import java.util.Arrays;
import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.scm.ErrorCatalogue;
import io.certcourier.scm.ErrorCatalogue.KnownError;

/** The error catalogue, from the same code and table as docs/errors.md. */
@Path("/v1/errors")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "errors")
class ErrorsResource {

    private static final Catalogue CATALOGUE = new Catalogue(Arrays.stream(ReasonCode.values()).map(Reason::of).toList(),
            ErrorCatalogue.listed());

    /**
     * @param reasons why a renewal ended other than delivered, or waits; an open list
     * @param provider codes of the cloud, and the reason that each becomes
     */
    record Catalogue(List<Reason> reasons, List<KnownError> provider) {
    }

    /**
     * @param phase where on its way a renewal meets it; absent if any call can
     * @param retryable true if the same event can succeed once the remedy is done
     * @param whatToDo the remedy in words
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Reason(String code, String phase, boolean retryable, String meaning, String remedy, String whatToDo, String help) {

        static Reason of(ReasonCode code) {
            var phase = code.phase(null);
            return new Reason(code.name(), phase == null ? null : phase.name(), code.retryable(), code.meaning(),
                    code.remedy().name(), code.remedy().whatToDo(), code.help());
        }
    }

    @GET
    @Operation(operationId = "listErrors", summary = "Every reason code and every code of the cloud: what it means, and what to do")
    public Catalogue list() {
        return CATALOGUE;
    }
}
