package io.certcourier.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.certcourier.fuzz.BriefFuzz;
import io.certcourier.outcome.ReasonCode;

/** Whatever bytes come as record: read or refused, with a code that is no bug, in our own words. */
class EventBytesFuzzTest {

    private static final EventReader READER = ReaderBuilder.aReader(KeyEnvelopeFuzzTest.RECIPIENT).acceptingPlaintextKeys()
            .route("*", null, "CDN").build();

    @Test
    void any_record_is_read_or_refused_in_our_words() {
        BriefFuzz.run("intake/EventFuzz", EventBytesFuzzTest::judge);
    }

    /** @param input lines of headers, an empty line, the value; as in HTTP */
    static void judge(byte[] input) {
        String text = new String(input, ISO_8859_1);
        int body = text.indexOf("\n\n");
        var headers = new ArrayList<IncomingRecord.Header>();
        for (String line : body < 0 ? List.<String> of() : text.substring(0, body).lines().toList()) {
            int colon = line.indexOf(':');
            headers.add(new IncomingRecord.Header(colon < 0 ? line : line.substring(0, colon),
                    colon < 0 ? null : line.substring(colon + 1).strip().getBytes(ISO_8859_1)));
        }
        var record = new IncomingRecord(Place.record("cert-renewed", 0, 1), EventBuilder.NOW.toEpochMilli(), headers,
                text.substring(body < 0 ? 0 : body + 2).getBytes(ISO_8859_1), null);
        try (Reading reading = READER.read(record)) {
            if (reading instanceof Reading.Refusal refusal) {
                judge(refusal.code(), refusal.detail());
            } else if (reading instanceof Reading.Event event && event.request().rejection() != null) {
                judge(event.request().rejection().code(), event.request().rejection().detail());
            }
        }
    }

    private static void judge(ReasonCode code, String detail) {
        assertThat(code).isNotEqualTo(ReasonCode.BUG);
        // no run of base64; one with a slash may be a pointer, as /replaces/fingerprintSha256
        assertThat(detail).matches("[ -~]{1,512}").doesNotContainPattern("[A-Za-z0-9+]{20}");
    }

}
