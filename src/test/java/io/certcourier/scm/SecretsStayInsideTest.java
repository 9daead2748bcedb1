package io.certcourier.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

import org.junit.jupiter.api.Test;

/** Whatever SCM answers, and it may repeat everything we sent: no secret gets into an exception, a toString or a log. */
class SecretsStayInsideTest {

    private static final List<String> SECRETS = List.of(Scm.SECRET_KEY, Scm.TOKEN, "MIGHAgEAMBMGByqGSM49AgEG",
            "BEGIN PRIVATE KEY", "Signature=");

    @Test
    void no_secret_in_any_text_of_ours() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        StreamHandler handler = new StreamHandler(new PrintStream(log), new SimpleFormatter());
        handler.setLevel(Level.ALL);
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        Handler[] others = root.getHandlers();
        Arrays.stream(others).forEach(root::removeHandler); // the console is not to be flooded
        root.addHandler(handler);
        root.setLevel(Level.ALL);
        StringBuilder texts = new StringBuilder();
        try (WireServer server = new WireServer(); PlainConnections connections = new PlainConnections(Duration.ofSeconds(2))) {
            repeatEverything(server);
            Scm fixture = Scm.aConfig().deadline(Duration.ofSeconds(2)).at(server.uri()).withAccount("security-token",
                    Scm.TOKEN);
            ScmClient client = fixture.client(Clock.systemUTC(), connections);
            for (int i = 0; i < 9; i++) {
                texts.append(everyTextOf(catchThrowableOfType(ScmFailure.class,
                        () -> client.importCertificate("prod", "name", "leaf", "chain", Scm.aKey()))));
            }
            texts.append(fixture.config()).append(fixture.accounts()).append(fixture.accounts().get("prod"));
            texts.append(new SigningFilter(fixture.accounts().get("prod"))).append(Scm.aKey()).append(client);
        } finally {
            handler.flush();
            root.setLevel(before);
            root.removeHandler(handler);
            Arrays.stream(others).forEach(root::addHandler);
        }

        assertThat(log.size()).as("the log was read").isPositive();
        for (String secret : SECRETS) {
            assertThat(texts.toString()).doesNotContain(secret);
            assertThat(log.toString()).doesNotContain(secret);
        }
    }

    private static void repeatEverything(WireServer server) {
        String[] codes = { "APIGW.0301", "SCM.0012", "SCM.7777", "APIGW.0308", "SCM.0037", "SCM.0005" };
        int[] statuses = { 401, 400, 400, 429, 500, 403 };
        for (int i = 0; i < codes.length; i++) {
            String code = codes[i];
            int status = statuses[i];
            server.then((request, connection) -> WireServer.answer(connection, status,
                    new String(ScmJson
                            .write(java.util.Map.of("error_code", code, "error_msg", request.headers() + request.text()))),
                    "X-Request-Id: " + request.headers().get("authorization")));
        }
        server.then((request, connection) -> WireServer.answer(connection, 502, request.headers() + request.text()))
                .then((request, connection) -> WireServer.answer(connection, 200, "{" + request.headers() + request.text()))
                .then((request, connection) -> WireServer.reset(connection));
    }

    private static String everyTextOf(ScmFailure failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace + failure.toString() + failure.details() + "\n";
    }
}
