package io.certcourier.local.scm;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** {@code /_emulator/}: what tests and people outside this process may see and turn. No signature, no PEM, no key. */
final class ControlApi {

    static final String PREFIX = "/_emulator/";

    private final ScmEmulator emulator;
    private final Accounts accounts;

    ControlApi(ScmEmulator emulator, Accounts accounts) {
        this.emulator = emulator;
        this.accounts = accounts;
    }

    void handle(HttpServerRequest http) {
        http.body().onSuccess(body -> {
            Answer answer;
            try {
                answer = answer(http, body);
            } catch (DecodeException | ClassCastException | NullPointerException malformed) {
                answer = error(400, "The body is not the JSON that is expected here.");
            } catch (IllegalArgumentException wrong) {
                answer = error(400, wrong.getMessage());
            }
            http.response().setStatusCode(answer.status()).putHeader("Content-Type", answer.contentType()).end(answer.body());
        });
    }

    private Answer answer(HttpServerRequest http, Buffer body) {
        return switch (http.method().name() + " " + http.path().substring(PREFIX.length())) {
            case "GET health" -> Answer.json(200, new JsonObject().put("status", "UP"));
            case "GET ledger" -> ledger(http.getParam("since", "0"));
            case "GET state" -> Answer.json(200, state());
            case "POST faults" -> faults(body.toJsonArray(), Boolean.parseBoolean(http.getParam("add", "false")));
            case "POST switches" -> switches(body.toJsonObject());
            case "POST clock" -> clock(body.toJsonObject());
            case "POST accounts" -> account(body.toJsonObject());
            case "POST bindings" -> binding(body.toJsonObject());
            case "POST certificates" -> certificates(body.toJsonObject());
            case "POST reset" -> reset();
            default -> error(404, "There is no such control.");
        };
    }

    private Answer ledger(String since) {
        var calls = new JsonArray();
        try {
            emulator.ledger().since(Long.parseLong(since)).forEach(entry -> calls.add(entry.toJson()));
        } catch (NumberFormatException notANumber) {
            return error(400, "The parameter since is a sequence number.");
        }
        return Answer.json(200, new JsonObject().put("calls", calls));
    }

    private JsonObject state() {
        var states = new JsonArray(emulator.state().stream().map(AccountState::toJson).toList());
        var faults = new JsonArray(emulator.faults().all().stream().map(Fault::toJson).toList());
        return new JsonObject().put("accounts", states).put("switches", emulator.switches().toJson()).put("faults", faults)
                .put("time", emulator.clock().instant().toString());
    }

    private Answer faults(JsonArray given, boolean add) {
        var parsed = IntStream.range(0, given.size()).mapToObj(at -> Fault.of(given.getJsonObject(at))).toList();
        if (add) {
            emulator.faults().add(parsed.toArray(Fault[]::new));
        } else {
            emulator.faults().replace(parsed);
        }
        return Answer.json(200, new JsonObject().put("faults", emulator.faults().all().size()));
    }

    private Answer switches(JsonObject positions) {
        emulator.switches().setAll(positions);
        return Answer.json(200, emulator.switches().toJson());
    }

    private Answer clock(JsonObject json) {
        emulator.clock().shift(Duration.ofSeconds(json.getLong("shiftSeconds")));
        return Answer.json(200, new JsonObject().put("time", emulator.clock().instant().toString()));
    }

    /** Adds the account if it is new; then applies what is given of keys, projects, state and permissions. */
    private Answer account(JsonObject json) {
        var name = json.getString("name");
        var known = accounts.find(name);
        var account = known
                .orElseGet(() -> new EmulatedAccount(name, json.getString("domainId", ScmEmulator.DOMAIN_ID), Set.of()));
        if (json.containsKey("accessKey")) {
            account.withTemporaryKey(json.getString("accessKey"), json.getString("secretKey"),
                    json.getString("securityToken"), json.getInstant("expiresAt"));
        }
        strings(json, "revokedKeys").forEach(account::revoke);
        strings(json, "projects").forEach(account::withProject);
        if (json.containsKey("frozen") || json.containsKey("restricted") || json.containsKey("deniedOperations")
                || json.containsKey("deniedServices")) {
            account.permitAll();
            account.freeze(json.getBoolean("frozen", false));
            account.restrict(json.getBoolean("restricted", false));
            strings(json, "deniedOperations").forEach(operation -> account.deny(Operation.of(operation)));
            strings(json, "deniedServices").forEach(service -> account.deny(Service.valueOf(service)));
        }
        if (known.isEmpty()) {
            emulator.addAccount(account);
        }
        return Answer.json(200, new JsonObject().put("account", name));
    }

    private Answer binding(JsonObject json) {
        var service = Service.valueOf(json.getString("service"));
        accounts.get(json.getString("account")).bind(new Binding(json.getString("certificateId"), service,
                json.getString("project", "global"), json.getString("resourceId"), json.getString("resourceName")));
        return Answer.json(200, new JsonObject().put("bound", true));
    }

    private Answer certificates(JsonObject json) {
        accounts.get(json.getString("account")).fill(json.getString("like"), json.getInteger("count"));
        return Answer.json(200, new JsonObject().put("added", json.getInteger("count")));
    }

    private Answer reset() {
        emulator.reset();
        return Answer.json(200, new JsonObject().put("reset", true));
    }

    private static List<String> strings(JsonObject json, String field) {
        return json.getJsonArray(field, new JsonArray()).stream().map(String.class::cast).toList();
    }

    private static Answer error(int status, String sentence) {
        return Answer.json(status, new JsonObject().put("error", sentence));
    }
}
