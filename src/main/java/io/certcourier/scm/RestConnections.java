package io.certcourier.scm;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.tracing.TracingPolicy;

/** One Quarkus REST client per account, because accounts differ in endpoint and keys. */
@ApplicationScoped
class RestConnections implements ScmConnections {

    private final Duration callDeadline;

    RestConnections(ScmConfig config) {
        this.callDeadline = config.callDeadline();
    }

    @Override
    public ScmApi open(ScmAccount account) {
        return QuarkusRestClientBuilder.newBuilder()
                .baseUri(account.endpoint())
                .register(new SigningFilter(account))
                .connectTimeout(HttpLimits.connectTimeout(callDeadline).toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(HttpLimits.readTimeout(callDeadline).toMillis(), TimeUnit.MILLISECONDS)
                .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, HttpLimits.CONNECTIONS)
                .property(QuarkusRestClientProperties.CONNECTION_TTL, (int) HttpLimits.IDLE_CONNECTION.toSeconds())
                .property(QuarkusRestClientProperties.HTTP2, false)
                .property(QuarkusRestClientProperties.ALPN, false)
                .httpClientOptionsCustomizer(options -> HttpLimits.tlsHandshake(untraced(options), callDeadline))
                .httpClientRequestCustomizer(HttpLimits::boundAnswer)
                .followRedirects(false)
                .disableDefaultMapper(true) // every status is an answer that ScmErrors reads
                .loggingScope(LoggingScope.NONE) // wins over quarkus.rest-client.logging.scope: bodies hold private keys
                .userAgent("certcourier")
                .build(ScmApi.class);
    }

    /** A call's span is made from its {@link ScmCall}; the client's own would have ids in it, and tell SCM our traces. */
    private static HttpClientOptions untraced(HttpClientOptions options) {
        return options.setTracingPolicy(TracingPolicy.IGNORE);
    }
}
