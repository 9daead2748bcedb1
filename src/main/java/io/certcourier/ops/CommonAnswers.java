package io.certcourier.ops;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

import io.quarkus.smallrye.openapi.OpenApiFilter;

/** What every operation can answer, written once. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class CommonAnswers implements OASFilter {

    private static final Map<Integer, String[]> PROBLEMS = Map.of(
            401, new String[] { "Unauthorized", "No usable token",
                    "A token of the issuer that this service trusts is missing, or cannot be used any more." },
            403, new String[] { "Forbidden", "The token names no role that may do this",
                    "The token names no role that may do this." },
            429, new String[] { "Too Many Requests", "More requests in this minute than one caller may make; see Retry-After",
                    "More requests than certcourier.ops.requests-per-minute allows one caller; wait as Retry-After says." });

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getPaths().getPathItems().values()
                .forEach(path -> path.getOperations().values().forEach(CommonAnswers::complete));
    }

    private static void complete(Operation operation) {
        PROBLEMS.forEach((status, words) -> operation.getResponses().addAPIResponse(status.toString(), problem(status, words)));
        operation.getResponses().getAPIResponse("429").addHeader("Retry-After",
                OASFactory.createHeader().description("Seconds, 1 to 60."));
    }

    private static APIResponse problem(int status, String[] words) {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("type", "/problems/" + words[0].toLowerCase(Locale.ROOT).replace(' ', '-'));
        example.put("title", words[0]);
        example.put("status", status);
        example.put("detail", words[2]);
        return OASFactory.createAPIResponse().description(words[1]).content(OASFactory.createContent().addMediaType(
                Problem.MEDIA_TYPE,
                OASFactory.createMediaType().schema(OASFactory.createSchema().ref("#/components/schemas/Problem"))
                        .example(example)));
    }
}
