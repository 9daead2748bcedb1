package io.certcourier.ops;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What a person found out about an import: either its id in SCM, or that it was not made.
 *
 * @param certificateId opaque; absent with notImported
 * @param notImported true, or absent with certificateId
 */
record ResolveWish(
        @NotBlank @Size(max = 512) @Pattern(regexp = OperatorWish.ONE_LINE, message = OperatorWish.ONE_LINE_RULE) String reason,
        @Pattern(regexp = "[A-Za-z0-9_-]{1,64}") String certificateId, Boolean notImported) {

    @JsonIgnore
    @AssertTrue(message = "either certificateId or notImported=true")
    boolean isOneOfTwo() {
        return (certificateId != null) != Boolean.TRUE.equals(notImported);
    }
}
