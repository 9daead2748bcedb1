package io.certcourier.ops;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Body of every action: why, for the audit. */
record OperatorWish(
        @NotBlank @Size(max = 512) @Pattern(regexp = ONE_LINE, message = ONE_LINE_RULE) @Schema(examples = "\"the delegation for CDN is granted now\"") String reason) {

    /** No control characters, which the database does not store or a log would break at, and no half of a character. */
    static final String ONE_LINE = "[^\\p{Cc}\\p{Cs}]*";
    static final String ONE_LINE_RULE = "must be one line of text without control characters";
}
