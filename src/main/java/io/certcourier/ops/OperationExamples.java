package io.certcourier.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.quarkus.smallrye.openapi.OpenApiFilter;

/**
 * Puts an example of request and answer to every operation: {@code openapi/examples/<operationId>.json} holds {@code answers},
 * by status, and {@code request}, if the body is JSON that no resource gives an example of. A file that is missing ends the
 * build.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class OperationExamples implements OASFilter {

    private static final String JSON = "application/json";

    private record Example(Object request, Map<String, Object> answers) {

        static Example of(Operation operation) {
            String file = "/openapi/examples/" + operation.getOperationId() + ".json";
            try (var content = OperationExamples.class.getResourceAsStream(file)) {
                if (content == null) {
                    throw new IllegalStateException("There is no " + file);
                }
                return new ObjectMapper().readValue(content, Example.class);
            } catch (IOException e) {
                throw new UncheckedIOException(file, e);
            }
        }
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getPaths().getPathItems().values()
                .forEach(path -> path.getOperations().values().forEach(OperationExamples::complete));
    }

    private static void complete(Operation operation) {
        var example = Example.of(operation);
        if (example.request() != null) {
            operation.getRequestBody().getContent().getMediaType(JSON).setExample(example.request());
        }
        example.answers().forEach((status, answer) -> operation.getResponses().getAPIResponse(status).getContent()
                .getMediaType(JSON).setExample(answer));
    }
}
