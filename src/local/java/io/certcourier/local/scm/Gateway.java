package io.certcourier.local.scm;

import java.util.Locale;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** Takes one API call from the wire to its answer: route, size, admission, faults, operation. */
final class Gateway {

    private static final Logger LOG = Logger.getLogger(Gateway.class.getName());
    private static final int LARGEST_BODY = 12 * 1024 * 1024;
    private static final int LARGEST_URI = 32 * 1024;
    private static final int LARGEST_HEADER = 32 * 1024;
    private static final int LARGEST_HEADERS = 128 * 1024;

    private final Admission admission;
    private final Switches switches;
    private final Faults faults;
    private final Ledger ledger;
    private final EmulatorClock clock;
    private final AnswerSender sender;
    private final CertificateOperations certificates = new CertificateOperations();
    private final PushOperations pushes = new PushOperations();
    private final DeployOperations deploys = new DeployOperations();

    Gateway(Admission admission, Switches switches, Faults faults, Ledger ledger, EmulatorClock clock, AnswerSender sender) {
        this.admission = admission;
        this.switches = switches;
        this.faults = faults;
        this.ledger = ledger;
        this.clock = clock;
        this.sender = sender;
    }

    void handle(HttpServerRequest http) {
        var exchange = Exchange.open(http, ledger);
        http.exceptionHandler(broken -> {
            if (exchange.ledger().isOpen()) {
                exchange.ledger().unanswered();
            }
        });
        http.handler(part -> {
            if (exchange.body().length() <= LARGEST_BODY) {
                exchange.body().appendBuffer(part);
            }
        });
        http.endHandler(complete -> process(exchange));
    }

    private void process(Exchange exchange) {
        try {
            var route = Operation.route(exchange.method(), exchange.path()).orElseThrow(() -> Refusal.gateway(404, "0101",
                    "The API does not exist or has not been published in the environment"));
            exchange.ledger().operation(route.operation());
            exchange.ledger().certificate(null, route.certificateId());
            checkSizes(exchange);
            var account = admission.admit(exchange.signed(), route.operation(), exchange.ledger());
            var call = new Call(account, route.operation(), route.certificateId(), body(exchange, route.operation()),
                    exchange.http().params(), clock.instant(), switches, exchange.ledger(), null);
            synchronized (account) {
                exchange.ledger().certificate(call.certificateName(), call.certificateId());
                exchange.ledger().targets(call.serviceName().toUpperCase(Locale.ROOT), call.projects());
                perform(exchange, call, faults.plan(call));
            }
        } catch (Refusal refusal) {
            sender.send(exchange, Answer.of(refusal, switches, exchange.requestId()), Faults.Plan.NONE);
        } catch (RuntimeException defect) { // ours: say so at once, a silent emulator looks like a fault
            LOG.log(Level.SEVERE, "the emulator failed on request " + exchange.requestId(), defect);
            var refusal = Refusal.gateway(500, "0601", "Internal error of the emulator");
            sender.send(exchange, Answer.of(refusal, switches, exchange.requestId()), Faults.Plan.NONE);
        }
    }

    private void perform(Exchange exchange, Call call, Faults.Plan plan) {
        var fault = plan.fault();
        if (fault == null) {
            sender.send(exchange, run(exchange, call), plan);
            return;
        }
        exchange.ledger().fault(fault.kind().label());
        switch (fault.kind()) {
            case RESET_BEFORE, NEVER_ANSWER, REFUSE_CONNECTIONS -> sender.drop(exchange, fault);
            case LOST_HANG, LOST_RESET -> {
                run(exchange, call);
                sender.drop(exchange, fault);
            }
            case STATUS, HTML_200 -> {
                if (fault.flag("after-effect")) {
                    run(exchange, call);
                }
                sender.send(exchange, FaultyAnswers.instead(fault, switches, exchange.requestId()), plan);
            }
            case THROTTLED, DENIED ->
                sender.send(exchange, FaultyAnswers.instead(fault, switches, exchange.requestId()), plan);
            default -> {
                meddle(call, fault);
                var struck = call.struckBy(fault);
                sender.send(exchange, FaultyAnswers.spoil(fault, struck, run(exchange, struck)), plan);
            }
        }
    }

    /** Somebody else changes the account just before the call. */
    private void meddle(Call call, Fault fault) {
        var store = call.account().certificates();
        switch (fault.kind()) {
            case SECOND_CERTIFICATE -> certificates.duplicate(call, victim(call, fault));
            case CERTIFICATE_DELETED -> store.find(victim(call, fault)).or(() -> store.findByName(victim(call, fault)))
                    .ifPresent(store::remove);
            case CERTIFICATE_EXPIRED -> store.find(victim(call, fault)).or(() -> store.findByName(victim(call, fault)))
                    .ifPresent(certificate -> certificate.override("EXPIRED"));
            default -> {
                // the other kinds change answers only
            }
        }
    }

    private static String victim(Call call, Fault fault) {
        return fault.text("name").isEmpty() && call.certificateId() != null ? call.certificateId() : fault.text("name");
    }

    private Answer run(Exchange exchange, Call call) {
        try {
            return switch (call.operation()) {
                case IMPORT -> certificates.importCertificate(call);
                case LIST -> certificates.list(call);
                case SHOW -> certificates.show(call);
                case DELETE -> certificates.delete(call);
                case EXPORT -> certificates.export(call);
                case PUSH -> pushes.push(call);
                case BATCH_PUSH -> pushes.batchPush(call);
                case DEPLOY -> deploys.deploy(call);
                case DEPLOYED_RESOURCES -> deploys.deployedResources(call);
            };
        } catch (Refusal refusal) {
            return Answer.of(refusal, switches, exchange.requestId());
        }
    }

    private static void checkSizes(Exchange exchange) {
        var headers = exchange.http().headers().entries();
        var all = headers.stream().mapToInt(header -> header.getKey().length() + header.getValue().length()).sum();
        if (exchange.http().uri().length() > LARGEST_URI) {
            throw Refusal.gateway(414, "0201", "Request-URI too large");
        }
        if (all > LARGEST_HEADERS || headers.stream().anyMatch(header -> header.getValue().length() > LARGEST_HEADER)) {
            throw Refusal.gateway(494, "0201", "Request header too large");
        }
        if (exchange.body().length() > LARGEST_BODY) {
            throw Refusal.gateway(413, "0201", "Request entity too large");
        }
    }

    /** A null value counts as absent. A body on GET or DELETE is ignored, a missing one on export too. */
    private static JsonObject body(Exchange exchange, Operation operation) {
        if (!exchange.method().equals("POST") || operation == Operation.EXPORT) {
            return new JsonObject();
        }
        try {
            var body = new JsonObject(exchange.body());
            body.getMap().values().removeIf(Objects::isNull);
            return body;
        } catch (DecodeException | ClassCastException | IllegalArgumentException notAnObject) {
            throw Refusal.badParameter("The body is not a JSON object.");
        }
    }
}
