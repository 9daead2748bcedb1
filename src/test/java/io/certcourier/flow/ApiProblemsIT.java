package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Whatever refuses a request, its caller reads one kind of document. The service runs as packaged, with an issuer of tokens.
 */
class ApiProblemsIT {

    private static final Path FOLDER = Path.of("target", "flow-problems");
    private static final int LIMIT = 40;
    private static final int BODY_LIMIT = 256 * 1024;
    /** Over HTTP/2 all requests share the connection that a 413 closes. */
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Platform platform;
    private static TokenIssuer issuer;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(FOLDER);
        issuer = new TokenIssuer();
        var configuration = new TreeMap<>(platform.configuration());
        configuration.remove("certcourier.ops.allow-anonymous");
        configuration.put("certcourier.ops.requests-per-minute", String.valueOf(LIMIT));
        configuration.put("quarkus.oidc.tenant-enabled", "true");
        configuration.put("quarkus.oidc.auth-server-url", issuer.uri());
        service = ServiceProcess.start(FOLDER.resolve("service.log"), configuration).awaitReady();
    }

    @AfterAll
    static void stop() {
        service.kill();
        issuer.close();
        platform.close();
    }

    /** A caller of its own for each test, so that none uses up another one's minute. */
    private static String token(String caller, String... roles) {
        return issuer.token(issuer.signer(), claims -> claims.setSubject(caller), roles);
    }

    private static HttpRequest.Builder request(String path, String token) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.httpPort() + path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).as("of %s", status)
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asText()).startsWith("/problems/");
        assertThat(problem.path("detail").asText()).isNotBlank();
    }

    @Test
    void no_token_a_bad_one_and_one_without_the_role() throws Exception {
        for (String token : new String[] { null, "nonsense" }) {
            var answer = send(request("/v1/renewals", token));
            assertProblem(answer, 401);
            assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
        }
        assertProblem(send(request("/v1/renewals", token("no-role"))), 403);
        assertProblem(send(request("/v1/renewals", token("producer-only", "producer"))), 403);
    }

    @Test
    void an_unknown_path_method_and_media_type() throws Exception {
        String admin = token("curious", "admin", "viewer", "producer");
        assertProblem(send(request("/v1/nothing", admin)), 404);
        var method = send(request("/v1/renewals", admin).DELETE());
        assertProblem(method, 405);
        assertThat(method.headers().firstValue("allow")).hasValue("GET, HEAD, POST");
        assertProblem(
                send(request("/v1/renewals", admin).header("content-type", "text/plain").POST(BodyPublishers.ofString("x"))),
                415);
        assertProblem(send(request("/v1/renewals", admin).POST(BodyPublishers.ofString("{}"))), 415);
    }

    @Test
    void a_body_beyond_the_limit_whether_its_length_is_declared_or_not() throws Exception {
        String producer = token("large", "producer");
        byte[] large = new byte[BODY_LIMIT + 1];
        assertProblem(send(request("/v1/renewals", producer).header("content-type", "application/json")
                .POST(BodyPublishers.ofByteArray(large))), 413);
        // the framework answers this one while it reads, without a body
        assertThat(send(request("/v1/renewals", producer).header("content-type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))).statusCode()).isEqualTo(413);
    }

    @Test
    void more_requests_than_a_caller_may_make_wait_and_others_do_not() throws Exception {
        String hasty = token("hasty", "viewer");
        HttpResponse<String> answer = null;
        // twice, for the minute may turn in between
        for (int i = 0; i < 2 * LIMIT + 2 && (answer == null || answer.statusCode() == 200); i++) {
            answer = send(request("/v1/errors", hasty));
        }

        assertProblem(answer, 429);
        assertThat(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow())).isBetween(1, 60);
        assertThat(send(request("/v1/errors", token("patient", "viewer"))).statusCode()).isEqualTo(200);
        assertThat(service.status("/q/health/ready")).as("probes are not counted").isEqualTo(200);
    }

    @Test
    void every_route_describes_what_refuses_it_and_every_body_has_an_example() throws Exception {
        var document = new ObjectMapper()
                .readTree(send(request("/openapi?format=json", token("reader", "viewer")).header("accept", "application/json"))
                        .body());

        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String route = operation.getKey() + " " + path.getKey();
                for (String status : List.of("401", "403", "429")) {
                    assertThat(operation.getValue().at("/responses/" + status + "/content/application~1problem+json/example"))
                            .as(route + " " + status).isNotEmpty();
                }
                if (operation.getValue().has("requestBody")) {
                    assertThat(operation.getValue().get("requestBody").toString()).as(route)
                            .containsAnyOf("\"examples\"", "OperatorWish", "ResolveWish");
                }
            }
        }
    }
}
