package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;

/** The packaged service with an issuer of tokens: every route of its own description, and every role. */
class WhoMayIT {

    private static final Path FOLDER = Path.of("target", "flow-who-may");
    private static final Set<String> ROLES = Set.of("viewer", "operator", "admin", "producer");
    /** Every route and who may use it; one that is missing here fails the test. */
    private static final Map<String, Set<String>> MAY = Map.ofEntries(
            Map.entry("GET /v1/renewals", Set.of("viewer", "operator", "admin")),
            Map.entry("GET /v1/renewals/{id}", Set.of("viewer", "operator", "admin")),
            Map.entry("POST /v1/renewals/{id}/retry", Set.of("operator", "admin")),
            Map.entry("POST /v1/renewals/{id}/hold", Set.of("operator", "admin")),
            Map.entry("POST /v1/renewals/{id}/release", Set.of("operator", "admin")),
            Map.entry("POST /v1/renewals/{id}/cancel", Set.of("operator", "admin")),
            Map.entry("POST /v1/renewals/{id}/resolve", Set.of("admin")),
            Map.entry("GET /v1/refusals", Set.of("viewer", "operator", "admin")),
            Map.entry("GET /v1/refusals/{id}", Set.of("viewer", "operator", "admin")),
            Map.entry("GET /v1/certificates", Set.of("viewer", "operator", "admin")),
            Map.entry("GET /v1/errors", Set.of("viewer", "operator", "admin")),
            Map.entry("GET /v1/recipient-keys", ROLES),
            Map.entry("GET /v1/outbox/parked", Set.of("viewer", "operator", "admin")),
            Map.entry("POST /v1/outbox/{eventId}/send", Set.of("admin")),
            Map.entry("POST /v1/renewals", Set.of("producer")),
            Map.entry("POST /v1/plans", Set.of("producer")),
            Map.entry("GET /v1/accounts", Set.of("viewer", "operator", "admin")),
            Map.entry("POST /v1/accounts/{name}/pause", Set.of("admin")),
            Map.entry("POST /v1/accounts/{name}/resume", Set.of("admin")),
            Map.entry("GET /v1/audit", Set.of("viewer", "operator", "admin")));

    /** The body that every action takes is no event: who may send one is told so. */
    private static final int NO_EVENT = 422;

    private static Platform platform;
    private static TokenIssuer issuer;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(FOLDER);
        issuer = new TokenIssuer();
        var configuration = new TreeMap<>(platform.configuration());
        configuration.remove("certcourier.ops.allow-anonymous");
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

    private static RequestSpecification with(String token) {
        var request = given().baseUri("http://127.0.0.1").port(service.httpPort());
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static Set<String> described() {
        var document = with(issuer.token("viewer")).accept("application/json").get("/openapi?format=json").then()
                .statusCode(200)
                .extract().asString();
        var routes = new TreeSet<String>();
        Map<String, Map<String, Object>> paths = JsonPath.from(document).getMap("paths");
        paths.forEach((path, operations) -> operations.keySet().stream()
                .filter(method -> Set.of("get", "post", "put", "patch", "delete").contains(method))
                .forEach(method -> routes.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));
        return routes;
    }

    private static int status(String route, String token) {
        String[] parts = route.split(" ");
        String path = parts[1].replace("{id}", "00000000-0000-8000-8000-000000000000").replace("{name}", "nobody")
                .replace("{eventId}", "nothing");
        var request = with(token).contentType("application/json").header("If-Match", "*");
        return (parts[0].equals("GET") ? request.get(path)
                : request.body("{\"reason\":\"tried\",\"notImported\":true}").request(parts[0], path)).statusCode();
    }

    @Test
    void every_route_that_is_described_asks_for_a_token_and_a_role() {
        assertThat(described()).as("routes without a line in this test").isEqualTo(MAY.keySet());
        var wrong = new ArrayList<String>();
        MAY.forEach((route, roles) -> {
            expect(wrong, route, "no token", status(route, null), List.of(401));
            expect(wrong, route, "no role", status(route, issuer.token()), List.of(403));
            for (String role : ROLES) {
                expect(wrong, route, role, status(route, issuer.token(role)),
                        roles.contains(role) ? List.of(200, 202, 404, NO_EVENT) : List.of(403));
            }
        });
        assertThat(wrong).isEmpty();
    }

    private static void expect(List<String> wrong, String route, String who, int status, List<Integer> allowed) {
        if (!allowed.contains(status)) {
            wrong.add(route + " with " + who + " was answered " + status);
        }
    }

    @Test
    void a_token_that_is_not_for_us_is_none() {
        String route = "GET /v1/renewals";
        String head = Base64.getUrlEncoder().withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        String good = issuer.token("viewer");

        assertThat(status(route, good)).isEqualTo(200);
        assertThat(status(route, issuer.token(issuer.signer(), claims -> claims.setAudience("another"), "viewer")))
                .isEqualTo(401);
        assertThat(status(route, issuer.token(issuer.signer(), claims -> claims.setIssuer("http://evil"), "viewer")))
                .isEqualTo(401);
        assertThat(status(route, issuer.token(issuer.signer(),
                claims -> claims.setExpirationTime(NumericDate.fromSeconds(NumericDate.now().getValue() - 600)), "viewer")))
                .isEqualTo(401);
        assertThat(status(route, issuer.token(TokenIssuer.key("issuer-1"), claims -> {
        }, "viewer"))).isEqualTo(401);
        assertThat(status(route, head + "." + good.split("\\.")[1] + ".")).isEqualTo(401);
        assertThat(status(route, "nonsense")).isEqualTo(401);
    }

    @Test
    void a_route_that_nobody_made_is_closed_and_answers_carry_their_headers() {
        assertThat(status("GET /v1/nothing", null)).isEqualTo(401);
        assertThat(status("GET /openapi", null)).isEqualTo(401);
        assertThat(status("GET /v1/nothing", issuer.token("viewer"))).isEqualTo(403);
        assertThat(status("GET /v1/nothing", issuer.token("admin"))).isEqualTo(404);
        var answer = with(issuer.token("viewer")).get("/v1/renewals");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(service.status("/q/health/ready")).as("probes need no token").isEqualTo(200);
    }

    @Test
    void the_audit_names_the_caller() {
        with(issuer.token("admin")).contentType("application/json").body("{\"reason\":\"tried\"}")
                .post("/v1/accounts/" + Platform.FRAGILE + "/pause").then().statusCode(202);

        var actors = with(issuer.token("viewer")).get("/v1/audit").then().statusCode(200).extract().jsonPath()
                .getList("actor", String.class);

        assertThat(actors).containsOnly("somebody");
    }
}
