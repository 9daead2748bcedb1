package io.certcourier.local.scm;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

/** Puts answers on the wire, or keeps them off it. */
final class AnswerSender {

    private final Vertx vertx;
    private final EmulatorClock clock;
    private final Consumer<Duration> refuseConnections;

    AnswerSender(Vertx vertx, EmulatorClock clock, Consumer<Duration> refuseConnections) {
        this.vertx = vertx;
        this.clock = clock;
        this.refuseConnections = refuseConnections;
    }

    void send(Exchange exchange, Answer answer, Faults.Plan plan) {
        if (plan.latencyMillis() > 0) {
            vertx.setTimer(plan.latencyMillis(), due -> write(exchange, answer, plan.fault()));
        } else {
            write(exchange, answer, plan.fault());
        }
    }

    /** Leaves the caller without an answer, in the fault's way. */
    void drop(Exchange exchange, Fault fault) {
        exchange.ledger().unanswered();
        switch (fault.kind()) {
            case NEVER_ANSWER, LOST_HANG -> {
                // the connection stays open until the caller gives up
            }
            case REFUSE_CONNECTIONS -> {
                reset(exchange.http());
                refuseConnections.accept(Duration.ofMillis(fault.number("millis")));
            }
            default -> reset(exchange.http());
        }
    }

    private void write(Exchange exchange, Answer answer, Fault fault) {
        var response = exchange.http().response();
        if (response.closed()) {
            exchange.ledger().unanswered();
            return;
        }
        response.setStatusCode(answer.status()).putHeader("X-Request-Id", exchange.requestId()).putHeader("Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC)));
        answer.headers().forEach(response::putHeader);
        exchange.ledger().answered(answer); // before the caller can know
        if (answer.body() == null) {
            response.end();
            return;
        }
        if (answer.contentType() != null) {
            response.putHeader("Content-Type", answer.contentType());
        }
        if (fault != null && fault.kind() == FaultKind.SLOW_BYTES) {
            trickle(response, answer, fault.number("bytes"), fault.number("millis"));
        } else {
            response.end(answer.body());
        }
    }

    private void trickle(HttpServerResponse response, Answer answer, int bytes, int millis) {
        response.putHeader("Content-Length", String.valueOf(answer.body().length()));
        var sent = new int[1];
        vertx.setPeriodic(Math.max(1, millis), timer -> {
            if (response.closed()) {
                vertx.cancelTimer(timer);
                return;
            }
            var next = Math.min(answer.body().length(), sent[0] + Math.max(1, bytes));
            response.write(answer.body().slice(sent[0], next));
            sent[0] = next;
            if (next == answer.body().length()) {
                vertx.cancelTimer(timer);
                response.end();
            }
        });
    }

    /** RST instead of FIN: without it many clients report an orderly end of stream. */
    private static void reset(HttpServerRequest http) {
        var connection = (ConnectionBase) http.connection();
        connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        connection.close();
    }
}
