package io.certcourier.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.certcourier.local.scm.ScmEmulator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;

/** The calls to SCM with as little as can be: signed, asynchronous, connections kept, no retry. */
final class ScmCalls {

    private static final String ROOT = "/v3/scm/certificates";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of();

    private final HttpClient http;
    private final URI endpoint;

    ScmCalls(Vertx vertx, URI endpoint) {
        this.http = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(256));
        this.endpoint = endpoint;
    }

    /** The id that SCM gave it. */
    Future<String> importCertificate(Sample sample) {
        var body = new JsonObject().put("name", sample.name()).put("certificate", sample.leafPem())
                .put("certificate_chain", sample.chainPem()).put("private_key", sample.keyPem()).put("duplicate_check", false);
        return call(HttpMethod.POST, ROOT + "/import", "", body.toBuffer())
                .map(answer -> answer.toJsonObject().getString("certificate_id"));
    }

    /** Ids on one page of the 50 newest. */
    Future<Set<String>> listed(int offset) {
        String query = "limit=50&offset=" + offset + "&sort_dir=DESC&sort_key=certUpdateTime";
        return call(HttpMethod.GET, ROOT, query, Buffer.buffer()).map(answer -> {
            var ids = new HashSet<String>();
            answer.toJsonObject().getJsonArray("certificates").forEach(item -> ids.add(((JsonObject) item).getString("id")));
            return ids;
        });
    }

    /** One call per service: push for CDN, batch-push for the others. */
    Future<Buffer> push(String id, String service, List<String> projects) {
        var body = new JsonObject().put("target_service", service);
        return service.equals("CDN")
                ? call(HttpMethod.POST, ROOT + "/" + id + "/push", "", body.put("target_project", "").toBuffer())
                : call(HttpMethod.POST, ROOT + "/" + id + "/batch-push", "", body.put("target_projects", projects).toBuffer());
    }

    private Future<Buffer> call(HttpMethod method, String path, String query, Buffer body) {
        String date = DATE.format(Instant.now());
        String host = endpoint.getHost() + ":" + endpoint.getPort();
        String canonical = method.name() + "\n" + path + "/\n" + query + "\nhost:" + host + "\nx-sdk-date:" + date
                + "\n\nhost;x-sdk-date\n" + HEX.formatHex(sha256(body.getBytes()));
        String signature = HEX.formatHex(
                hmac("SDK-HMAC-SHA256\n" + date + "\n" + HEX.formatHex(sha256(canonical.getBytes(UTF_8)))));
        return http.request(method, endpoint.getPort(), endpoint.getHost(), query.isEmpty() ? path : path + "?" + query)
                .compose(request -> request.putHeader("Host", host).putHeader("X-Sdk-Date", date)
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Authorization", "SDK-HMAC-SHA256 Access=" + ScmEmulator.ACCESS_KEY
                                + ", SignedHeaders=host;x-sdk-date, Signature=" + signature)
                        .send(body))
                .compose(response -> response.body().compose(answer -> response.statusCode() / 100 == 2
                        ? Future.succeededFuture(answer)
                        : Future.failedFuture(path + " answered " + response.statusCode() + " " + answer)));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ScmEmulator.SECRET_KEY.getBytes(UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
