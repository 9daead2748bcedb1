package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the official SDK sent, byte for byte, must pass the gateway and reach the operation it means. */
class CapturedRequestsTest {

    private static final String ACCESS_KEY = "AKEXAMPLE0000000";
    private static final Pattern DATE = Pattern.compile("X-Sdk-Date: (\\S+)");
    private static ScmEmulator emulator;

    @BeforeAll
    static void start() {
        emulator = ScmEmulator.start(0)
                .addAccount(
                        new EmulatedAccount("captured", "0123456789abcdef0123456789abcdef", Set.of("cn-north-4", "cn-east-3"))
                                .withKey(ACCESS_KEY, "SKEXAMPLEsecret0000000000000000000000000"));
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @ParameterizedTest
    @CsvSource({ "01-import-chunked, IMPORT, SCM.0053", "02-list-all-parameters, LIST, ''", "03-list-no-parameters, LIST, ''",
            "04-show, SHOW, SCM.9004", "05-push-elb-chunked, PUSH, SCM.9004", "06-push-elb-content-length, PUSH, SCM.9004",
            "07-push-cdn-empty-project, PUSH, SCM.9004", "08-batch-push-elb, BATCH_PUSH, SCM.9004",
            "09-export-no-body, EXPORT, SCM.9004", "10-deploy-cdn, DEPLOY, SCM.9004",
            "11-deployed-resources, DEPLOYED_RESOURCES, ''", "12-delete, DELETE, SCM.9004",
            "13-list-security-token, LIST, ''", "14-list-basic-credentials, LIST, ''",
            "15-list-reserved-characters, LIST, SCM.0005", "16-show-reserved-path, SHOW, SCM.9004" })
    void captured_request_verifies_and_reaches_its_operation(String file, Operation operation, String errorCode)
            throws IOException {
        var request = read(file);
        emulator.clock().set(dateOf(request));

        exchange(request);

        var call = emulator.ledger().last();
        assertThat(call.account()).isEqualTo("captured");
        assertThat(call.operation()).isEqualTo(operation);
        assertThat(call.errorCode()).isEqualTo(errorCode);
    }

    @Test
    void decoded_path_names_the_certificate() throws IOException {
        var request = read("16-show-reserved-path");
        emulator.clock().set(dateOf(request));

        exchange(request);

        assertThat(emulator.ledger().last().certificateId()).isEqualTo("scs 15*~é");
    }

    @Test
    void captured_request_with_one_octet_changed_is_refused() throws IOException {
        var request = read("05-push-elb-chunked").replace("\"ELB\"", "\"WAF\"");
        emulator.clock().set(dateOf(request));

        var status = exchange(request);

        assertThat(status).startsWith("HTTP/1.1 401");
        assertThat(emulator.ledger().last().errorCode()).isEqualTo("APIGW.0301");
    }

    private static String read(String file) throws IOException {
        try (var in = CapturedRequestsTest.class.getResourceAsStream("/scm/captured/" + file + ".http")) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static Instant dateOf(String request) {
        var date = DATE.matcher(request);
        assertThat(date.find()).isTrue();
        return LocalDateTime.parse(date.group(1), DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
                .toInstant(ZoneOffset.UTC);
    }

    private static String exchange(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", emulator.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)).readLine();
        }
    }
}
