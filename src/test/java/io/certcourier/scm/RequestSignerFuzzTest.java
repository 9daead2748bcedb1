package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.certcourier.fuzz.BriefFuzz;

/** Whatever address is called: it is signed, in one canonical form, and the secret is in no part of it. */
class RequestSignerFuzzTest {

    private static final String SECRET = "SKfuzz0NotASecret0For0Local0Use0000000001";
    private static final RequestSigner SIGNER = new RequestSigner("AKFUZZ00000000000001", SECRET);

    @Test
    void any_address_is_signed_in_one_form() {
        BriefFuzz.run("scm/RequestSignerFuzz", RequestSignerFuzzTest::judge);
    }

    /** @param input an address, a line feed, a header's value, a line feed, the body */
    static void judge(byte[] input) {
        String[] parts = (new String(input, UTF_8) + "\n\n").split("\n", 3);
        URI uri;
        try {
            uri = new URI(parts[0]);
        } catch (URISyntaxException noAddress) {
            return; // never gets to the signer
        }
        var headers = Map.of("Host", "scm.example.com", RequestSigner.DATE_HEADER, "20261124T031502Z", "X-Fuzz", parts[1]);
        byte[] body = parts[2].getBytes(ISO_8859_1);

        String canonical = RequestSigner.canonicalRequest("GET", uri, headers, body);
        String authorization = SIGNER.authorization("GET", uri, headers, body);

        assertThat(authorization).matches("SDK-HMAC-SHA256 Access=AKFUZZ00000000000001, "
                + "SignedHeaders=host;x-fuzz;x-sdk-date, Signature=[0-9a-f]{64}").doesNotContain(SECRET);
        String[] lines = canonical.split("\n", 4);
        assertThat(lines[1]).matches("[A-Za-z0-9._~%/-]*/");
        assertThat(lines[2]).matches("[A-Za-z0-9._~%=&-]*");
        // what is canonical stays as it is, or sender and gateway could disagree
        assertThat(RequestSigner.canonicalRequest("GET", URI.create("//h" + (lines[1].startsWith("/") ? "" : "/") + lines[1]
                + "?" + lines[2]), headers, body).split("\n", 4)[2]).isEqualTo(lines[2]);
    }
}
