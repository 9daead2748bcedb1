package io.certcourier.leak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;

/**
 * The searcher finds what was planted, in every form, and nothing else: a search that finds nothing proves nothing by itself.
 */
class LeakSearchTest {

    private static final IssuedCertificate EC = TestCa.create().issue("ec.example.com");
    private static final IssuedCertificate RSA = TestCa.create().leaf("rsa.example.com").rsa(2048).issue();
    private static final String ACCESS_SECRET = "SKexample0NotASecret0For0Local0Use0000001";

    private final LeakSearch search = new LeakSearch().key("ec", EC.keyPem()).key("rsa", RSA.keyPem())
            .text("secret access key", ACCESS_SECRET).mark("BEGIN PRIVATE KEY").mark("SDK-HMAC-SHA256 Access=");

    private record Spelling(String name, Function<byte[], byte[]> write) {

        static Spelling text(String name, Function<byte[], String> write) {
            return new Spelling(name, der -> write.apply(der).getBytes(US_ASCII));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Spelling> spellings() {
        return Stream.of(
                new Spelling("raw", der -> der),
                Spelling.text("base64", LeakSearchTest::base64),
                Spelling.text("base64url", der -> Base64.getUrlEncoder().encodeToString(der)),
                Spelling.text("PEM", der -> pem(der, "\n", 64)),
                Spelling.text("PEM with CRLF", der -> pem(der, "\r\n", 64)),
                Spelling.text("lines of 76", der -> pem(der, "\n", 76)),
                Spelling.text("lines of 8", der -> pem(der, "\n", 8)),
                Spelling.text("indented lines", der -> pem(der, "\n\t    ", 64)),
                Spelling.text("PEM in JSON", der -> json(pem(der, "\n", 64))),
                Spelling.text("PEM in JSON in JSON", der -> json(json(pem(der, "\r\n", 64)))),
                Spelling.text("hex", der -> HexFormat.of().formatHex(der)),
                Spelling.text("hex of openssl", der -> HexFormat.ofDelimiter(":").withUpperCase().formatHex(der)
                        .replaceAll("(.{45})", "$1\n    ")),
                Spelling.text("bytea", der -> "\\x" + HexFormat.of().formatHex(der)),
                Spelling.text("numbers", Arrays::toString));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String pem(byte[] der, String lineBreak, int columns) {
        return "-----BEGIN SOMETHING-----" + lineBreak
                + Base64.getMimeEncoder(columns, lineBreak.getBytes(US_ASCII)).encodeToString(der) + lineBreak
                + "-----END SOMETHING-----";
    }

    private static String json(String text) {
        try {
            return new ObjectMapper().writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] planted(byte[] leak) {
        byte[] noise = "2026-11-24 03:15:02,412 INFO [io.certcourier] Renewal 8376464f-c7e5-8048: accepted\n".repeat(900)
                .getBytes(US_ASCII);
        byte[] all = Arrays.copyOf(noise, 2 * noise.length + leak.length);
        System.arraycopy(leak, 0, all, noise.length, leak.length);
        System.arraycopy(noise, 0, all, noise.length + leak.length, noise.length);
        return all;
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void a_planted_key_is_found_in_every_spelling(Spelling spelling) {
        assertThat(search.in("log", planted(spelling.write().apply(EC.keys().getPrivate().getEncoded()))))
                .isNotEmpty().allSatisfy(hit -> assertThat(hit.secret()).isEqualTo("ec"));
        assertThat(search.in("log", planted(spelling.write().apply(RSA.keys().getPrivate().getEncoded()))))
                .isNotEmpty().allSatisfy(hit -> assertThat(hit.secret()).isEqualTo("rsa"));
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void what_is_public_is_no_leak(Spelling spelling) throws Exception {
        for (IssuedCertificate certificate : new IssuedCertificate[] { EC, RSA }) {
            assertThat(search.in("log", planted(spelling.write().apply(certificate.leaf().getEncoded())))).isEmpty();
            assertThat(search.in("log", planted(spelling.write().apply(certificate.keys().getPublic().getEncoded()))))
                    .isEmpty();
            assertThat(search.in("log", planted(spelling.write().apply(new byte[4096])))).isEmpty();
        }
    }

    @Test
    void a_piece_from_the_middle_of_a_key_is_a_leak() {
        String text = base64(RSA.keys().getPrivate().getEncoded());

        assertThat(search.in("log", "…" + text.substring(501, 541) + "…")).isNotEmpty();
    }

    @Test
    void a_leak_across_two_reads_is_found() {
        byte[] der = EC.keys().getPrivate().getEncoded();
        for (int before = (1 << 16) - der.length; before <= 1 << 16; before += 7) {
            byte[] all = new byte[before + der.length];
            Arrays.fill(all, (byte) ' ');
            System.arraycopy(der, 0, all, before, der.length);
            assertThat(search.in("file", all)).isNotEmpty();
        }
    }

    @Test
    void credentials_and_the_marks_of_a_secret_are_found() {
        assertThat(search.in("log", "secret-key=" + ACCESS_SECRET)).extracting(LeakSearch.Hit::secret)
                .containsExactly("secret access key");
        assertThat(search.in("log", base64(("x:" + ACCESS_SECRET).getBytes(US_ASCII)))).isNotEmpty();
        assertThat(search.in("log", "-----BEGIN PRIVATE KEY-----")).isNotEmpty();
        assertThat(search.in("log", "authorization: SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=ab"))
                .isNotEmpty();
        assertThat(search.in("log", "signed by SDK-HMAC-SHA256; -----BEGIN CERTIFICATE-----")).isEmpty();
    }

    @Test
    void a_hit_names_the_secret_and_does_not_show_it(@TempDir Path folder) throws IOException {
        Path log = Files.writeString(folder.resolve("service.log"), EC.keyPem());
        Files.writeString(folder.resolve("known.json"), RSA.keyPem());

        var hits = search.inFolder(folder, file -> file.endsWith("known.json"));

        assertThat(hits).extracting(LeakSearch.Hit::place).containsOnly(log.toString());
        assertThat(hits.toString()).doesNotContain(EC.keyPem().lines().toList().get(1).substring(0, 20));
    }

    @Test
    void a_secret_that_is_too_short_to_be_told_from_chance_is_refused() {
        assertThatThrownBy(() -> search.secret("short", "0123456789".getBytes(ISO_8859_1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
