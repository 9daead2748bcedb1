package io.certcourier.ops;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Body of every action: why, for the audit. */
record OperatorWish(@NotBlank @Size(max = 512) @Schema(examples = "\"the delegation for CDN is granted now\"") String reason) {
}
