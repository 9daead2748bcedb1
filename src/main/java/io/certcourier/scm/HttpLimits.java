package io.certcourier.scm;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;

/** What bounds every call at the HTTP level, whoever answers. */
final class HttpLimits {

    /** More than certcourier.renewal.concurrency allows: a call never waits for a connection. */
    static final int CONNECTIONS = 256;
    /** Shorter than servers keep idle connections, so that a request seldom meets one that is just being closed. */
    static final Duration IDLE_CONNECTION = Duration.ofSeconds(20);
    /** SCM's largest answer, a list of 50, has some 40 KiB. */
    static final int LONGEST_ANSWER = 4 * 1024 * 1024;

    private HttpLimits() {
    }

    /**
     * Connecting must not use the whole deadline up: only a call that ends before it was sent is known to have done nothing.
     */
    static Duration connectTimeout(Duration callDeadline) {
        return callDeadline.dividedBy(3);
    }

    /**
     * Longest silence. A little less than the deadline: a call that is given up while it still waits for its connection must
     * end here, since the REST client does not give back a connection that comes too late.
     */
    static Duration readTimeout(Duration callDeadline) {
        return callDeadline.minus(callDeadline.dividedBy(20));
    }

    static void tlsHandshake(HttpClientOptions options, Duration callDeadline) {
        options.setSslHandshakeTimeout(connectTimeout(callDeadline).toMillis());
        options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** Ends a call whose answer is longer than any of SCM's. */
    static void boundAnswer(HttpClientRequest request) {
        request.response().onSuccess(response -> response.handler(new Handler<>() {
            private int length;

            @Override
            public void handle(Buffer chunk) {
                length += chunk.length();
                if (length > LONGEST_ANSWER) {
                    request.reset();
                }
            }
        }));
    }
}
