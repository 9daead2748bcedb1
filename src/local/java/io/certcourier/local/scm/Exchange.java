package io.certcourier.local.scm;

import java.util.UUID;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** One HTTP request as it arrived, its id, and its place in the ledger. */
record Exchange(HttpServerRequest http, String requestId, LedgerSlot ledger, Buffer body) {

    static Exchange open(HttpServerRequest http, Ledger ledger) {
        var requestId = UUID.randomUUID().toString().replace("-", "");
        return new Exchange(http, requestId, ledger.open(requestId), Buffer.buffer());
    }

    String method() {
        return http.method().name();
    }

    /** As on the wire: not decoded. */
    String path() {
        var uri = http.uri();
        return uri.indexOf('?') < 0 ? uri : uri.substring(0, uri.indexOf('?'));
    }

    SignatureCheck.Request signed() {
        var uri = http.uri();
        var query = uri.indexOf('?') < 0 ? null : uri.substring(uri.indexOf('?') + 1);
        return new SignatureCheck.Request(method(), path(), query, name -> http.headers().get(name), body.getBytes());
    }
}
