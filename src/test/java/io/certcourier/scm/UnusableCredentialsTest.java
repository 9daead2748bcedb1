package io.certcourier.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that cannot succeed are not made: after five refusals in a row SCM locks a key. */
class UnusableCredentialsTest {

    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");
    private static final String EMPTY_LIST = "{\"total_count\":0,\"certificates\":[]}";

    @TempDir
    Path folder;
    private final PlainConnections connections = new PlainConnections(Duration.ofSeconds(10));
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private WireServer server;

    @BeforeEach
    void start() throws IOException {
        server = new WireServer();
    }

    @AfterEach
    void stop() throws IOException {
        connections.close();
        server.close();
    }

    private Scm withFile(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("keys.json"), content);
        return Scm.aConfig().at(server.uri()).withAccount("access-key", "").withAccount("secret-key", "")
                .withAccount("credentials-file", file.toString());
    }

    @Test
    void the_token_of_the_file_is_sent_and_signed() throws IOException {
        server.then(200, EMPTY_LIST);
        ScmClient client = withFile("{\"access\":\"AK1\",\"secret\":\"s\",\"securitytoken\":\"" + Scm.TOKEN + "\"}")
                .client(Clock.systemUTC(), connections);

        client.list("prod", 0);

        assertThat(server.requests()).singleElement().satisfies(request -> {
            assertThat(request.headers()).containsEntry("x-security-token", Scm.TOKEN);
            assertThat(request.headers().get("authorization")).contains("Access=AK1,")
                    .contains("SignedHeaders=host;x-sdk-date;x-security-token,");
        });
    }

    @Test
    void no_call_is_made_with_credentials_that_have_run_out() throws IOException {
        server.then(200, EMPTY_LIST);
        ScmClient client = withFile("{\"access\":\"AK1\",\"secret\":\"s\",\"expires_at\":\"2026-01-31T08:10:00Z\"}")
                .client(clock::get, connections);
        client.list("prod", 0);

        clock.set(NOW.plus(Duration.ofMinutes(10)));

        assertThatThrownBy(() -> client.list("prod", 0)).isInstanceOf(ScmFailure.Denied.class)
                .hasMessage("list was not sent: The account's temporary credentials have run out.");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void after_a_refused_call_only_a_list_call_tries_again() {
        server.then(401, "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"verify aksk signature fail\"}").then(200, EMPTY_LIST)
                .then(200, "{\"id\":\"scs1\",\"name\":\"n\",\"status\":\"UPLOAD\"}");
        ScmClient client = Scm.aConfig().at(server.uri()).client(Clock.systemUTC(), connections);

        assertThatThrownBy(() -> client.show("prod", "scs1")).isInstanceOf(ScmFailure.Denied.class);
        assertThatThrownBy(() -> client.show("prod", "scs1")).isInstanceOf(ScmFailure.Denied.class)
                .hasMessageStartingWith("show was not sent: ");
        assertThat(server.requests()).hasSize(1);
        client.list("prod", 0);
        client.show("prod", "scs1");

        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void the_skew_is_known_from_any_answer() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plusSeconds(90).atOffset(ZoneOffset.UTC));
        server.then(200, EMPTY_LIST, "Date: " + date);
        Scm fixture = Scm.aConfig().at(server.uri());
        ScmAccounts accounts = new ScmAccounts(fixture.config(), clock::get);
        ScmErrors errors = new ScmErrors();
        ScmClient client = new ScmClient(accounts, new ScmCalls(connections, errors, fixture.config()), errors,
                fixture.config(), call -> {
                });
        assertThat(accounts.clockSkew("prod")).isEmpty();

        client.list("prod", 0);

        assertThat(accounts.clockSkew("prod")).contains(Duration.ofSeconds(90));
    }
}
