package io.certcourier.ops;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.certcourier.intake.RecipientKeys;
import io.certcourier.intake.RecipientKeys.PublicJwk;

/** What producers encrypt private keys to. */
@Path("/v1/recipient-keys")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "recipient keys")
class RecipientKeysResource {

    private final RecipientKeys recipients;

    RecipientKeysResource(RecipientKeys recipients) {
        this.recipients = recipients;
    }

    /** A JWK set (RFC 7517, section 5). */
    record JwkSet(List<PublicJwk> keys) {
    }

    @GET
    @Operation(operationId = "listRecipientKeys", summary = "The public JWK set for privateKeyJwe: ECDH-ES+A256KW with A256GCM, and the key's kid in the header")
    public JwkSet list() {
        return new JwkSet(recipients.published());
    }
}
