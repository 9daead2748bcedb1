package io.certcourier.local.scm;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A caller of the emulator that signs with the verifier's own arithmetic, which vectors and the official SDK prove elsewhere.
 */
final class EmulatorClient {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final DateTimeFormatter SDK_DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    private final ScmEmulator emulator;
    private final String accessKey;
    private final String secretKey;
    private final Map<String, String> headers;

    EmulatorClient(ScmEmulator emulator) {
        this(emulator, ScmEmulator.ACCESS_KEY, ScmEmulator.SECRET_KEY, Map.of());
    }

    private EmulatorClient(ScmEmulator emulator, String accessKey, String secretKey, Map<String, String> headers) {
        this.emulator = emulator;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.headers = headers;
    }

    EmulatorClient withKeys(String access, String secret) {
        return new EmulatorClient(emulator, access, secret, headers);
    }

    /** Sent and signed; an X-Sdk-Date given here is kept. */
    EmulatorClient withHeader(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name.toLowerCase(Locale.ROOT), value);
        return new EmulatorClient(emulator, accessKey, secretKey, more);
    }

    record Reply(int status, String body, Map<String, List<String>> headers) {

        JsonObject json() {
            return new JsonObject(body);
        }

        String errorCode() {
            return json().getString("error_code");
        }

        String errorMessage() {
            return json().getString("error_msg");
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).get(0);
        }
    }

    Reply importCertificate(String name, TestCertificates.Issued issued) {
        return post("/v3/scm/certificates/import", importBody(name, issued));
    }

    /** Imports under the name and returns the id. */
    String imported(String name) {
        return importCertificate(name, TestCertificates.CA.issue(name + ".example")).json().getString("certificate_id");
    }

    static JsonObject importBody(String name, TestCertificates.Issued issued) {
        return new JsonObject().put("name", name).put("certificate", issued.certificate())
                .put("certificate_chain", issued.chain()).put("private_key", issued.privateKey());
    }

    Reply list(String query) {
        return send("GET", "/v3/scm/certificates" + (query.isEmpty() ? "" : "?" + query), null);
    }

    List<String> listedIds(String query) {
        return list(query).json().getJsonArray("certificates").stream().map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    Reply show(String id) {
        return send("GET", "/v3/scm/certificates/" + id, null);
    }

    Reply delete(String id) {
        return send("DELETE", "/v3/scm/certificates/" + id, null);
    }

    Reply push(String id, String service, String project) {
        return post("/v3/scm/certificates/" + id + "/push",
                new JsonObject().put("target_service", service).put("target_project", project));
    }

    Reply batchPush(String id, String service, String... projects) {
        return post("/v3/scm/certificates/" + id + "/batch-push",
                new JsonObject().put("target_service", service).put("target_projects", new JsonArray(List.of(projects))));
    }

    Reply post(String path, JsonObject body) {
        return send("POST", path, body.encode());
    }

    Reply send(String method, String pathAndQuery, String body) {
        var bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        var signed = new TreeMap<>(headers);
        signed.putIfAbsent("x-sdk-date", SDK_DATE.format(emulator.clock().instant().atOffset(ZoneOffset.UTC)));
        var request = HttpRequest.newBuilder(emulator.endpoint().resolve(pathAndQuery)).timeout(Duration.ofSeconds(20))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes));
        signed.forEach(request::header);
        signed.put("host", emulator.endpoint().getAuthority());
        var parts = pathAndQuery.split("\\?", 2);
        var names = List.copyOf(signed.keySet());
        var signature = SignatureCheck.signature(
                new SignatureCheck.Request(method, parts[0], parts.length == 1 ? null : parts[1], signed::get, bytes), names,
                secretKey);
        request.header("Authorization", "SDK-HMAC-SHA256 Access=" + accessKey + ", SignedHeaders=" + String.join(";", names)
                + ", Signature=" + signature);
        return reply(request.build());
    }

    /** A call of the control API, unsigned. */
    Reply control(String method, String path, String body) {
        return unsigned(method, "/_emulator/" + path, body, Map.of());
    }

    Reply unsigned(String method, String path, String body, Map<String, String> plainHeaders) {
        var request = HttpRequest.newBuilder(URI.create(emulator.endpoint() + path)).method(method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        plainHeaders.forEach(request::header);
        return reply(request.build());
    }

    /** @throws CompletionException around the IOException of a connection that broke */
    private static Reply reply(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Reply(response.statusCode(), response.body(), response.headers().map());
        } catch (IOException broken) {
            throw new CompletionException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException(interrupted);
        }
    }
}
