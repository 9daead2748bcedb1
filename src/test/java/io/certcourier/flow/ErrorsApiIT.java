package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** A code met in an event or a log is looked up without leaving the API. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class ErrorsApiIT {

    @Test
    void the_catalogue_says_what_the_document_says() throws IOException {
        String document = Files.readString(Path.of("docs/errors.md"));

        var answer = given().get("/v1/errors").then().statusCode(200)
                .body("reasons.find { it.code == 'TARGET_PERMISSION' }.remedy", equalTo("FIX_PERMISSION"))
                .body("reasons.find { it.code == 'TARGET_PERMISSION' }.whatToDo", notNullValue())
                .body("reasons.find { it.code == 'PROVIDER_THROTTLED' }.phase", nullValue())
                .body("provider.find { it.code == 'SCM.0014' }.reasonCode", notNullValue()).extract().jsonPath();

        for (Map<String, Object> reason : answer.<Map<String, Object>> getList("reasons")) {
            assertThat(document).contains("[%s](#".formatted(reason.get("code"))).contains((String) reason.get("meaning"))
                    .contains("| %s | %s |".formatted(reason.get("remedy"), reason.get("whatToDo")));
        }
        for (Map<String, Object> error : answer.<Map<String, Object>> getList("provider")) {
            assertThat(document).contains("| " + error.get("code"));
        }
    }
}
