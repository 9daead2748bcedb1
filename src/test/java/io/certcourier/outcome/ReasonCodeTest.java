package io.certcourier.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode.Phase;

class ReasonCodeTest {

    /** Phase, whether the same event can succeed later, remedy, codes: what consumers were promised. "any": of any call. */
    private static final String PROMISED = """
            INTAKE    no   FIX_EVENT          TOMBSTONE PAYLOAD_TOO_LARGE MALFORMED_JSON ENVELOPE_INVALID UNSUPPORTED_TYPE
            INTAKE    no   FIX_EVENT          SCHEMA_VIOLATION IDEMPOTENCY_CONFLICT PLAINTEXT_KEY_REFUSED
            INTAKE    yes  FIX_CONFIGURATION  ACCOUNT_UNKNOWN NO_TARGET TARGET_NOT_ALLOWED
            DECRYPT   no   FIX_EVENT          KEY_ENCRYPTION_UNSUPPORTED KEY_DECRYPT_FAILED
            DECRYPT   yes  FIX_CONFIGURATION  KEY_ENCRYPTION_UNKNOWN_KID
            VALIDATE  no   FIX_CERTIFICATE    CERT_UNPARSABLE CHAIN_INCOMPLETE CHAIN_BROKEN CERT_EXPIRED CERT_TOO_LARGE
            VALIDATE  no   FIX_CERTIFICATE    FINGERPRINT_MISMATCH NO_DNS_NAME KEY_UNPARSABLE KEY_MISMATCH KEY_TYPE_UNSUPPORTED
            VALIDATE  yes  RETRY_LATER        CERT_NOT_YET_VALID
            IMPORT    no   FIX_CERTIFICATE    SCM_REJECTED_CERTIFICATE SCM_REJECTED_KEY
            IMPORT    no   REPORT_BUG         SCM_REJECTED_NAME
            IMPORT    yes  FIX_QUOTA          SCM_QUOTA
            IMPORT    yes  FIX_CONFIGURATION  SEAL_KEY_MISSING
            RESOLVE   yes  OPERATOR_DECISION  IMPORT_OUTCOME_UNKNOWN ALREADY_EXISTS
            CONFIRM   yes  OPERATOR_DECISION  NOT_LISTED NOT_PUSHABLE CERTIFICATE_VANISHED
            PUSH      no   FIX_TARGET         TARGET_REJECTED
            PUSH      yes  FIX_CONFIGURATION  PROJECT_UNKNOWN
            PUSH      yes  FIX_PERMISSION     TARGET_PERMISSION
            PUSH      yes  RETRY_LATER        TARGET_FAILED
            any       yes  FIX_CREDENTIALS    PROVIDER_AUTH
            any       yes  FIX_CONFIGURATION  PROVIDER_ENDPOINT
            any       yes  FIX_CLOCK          CLOCK_SKEW
            any       yes  RETRY_LATER        PROVIDER_THROTTLED PROVIDER_UNAVAILABLE
            any       no   REPORT_BUG         PROVIDER_REFUSED
            any       no   CONTACT_CLOUD      PROVIDER_UNMAPPED
            SCHEDULE  yes  RETRY_LATER        DEADLINE_EXCEEDED EVENT_EXPIRED
            SCHEDULE  no   NONE               SUPERSEDED
            SCHEDULE  yes  NONE               CANCELLED_BY_OPERATOR
            INTERNAL  yes  REPORT_BUG         BUG
            """;

    @Test
    void codes_mean_what_consumers_were_promised() {
        var promised = new HashMap<String, String>();
        PROMISED.lines().map(line -> line.trim().split(" +")).forEach(row -> Arrays.stream(row).skip(3)
                .forEach(code -> promised.put(code, row[0] + " " + row[1] + " " + row[2])));

        var actual = new HashMap<String, String>();
        for (var code : ReasonCode.values()) {
            var phase = code.phase(null);
            actual.put(code.name(),
                    (phase == null ? "any" : phase) + " " + (code.retryable() ? "yes" : "no") + " " + code.remedy());
        }

        assertThat(actual).isEqualTo(Map.copyOf(promised));
    }

    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void meaning_is_one_sentence(ReasonCode code) {
        assertThat(code.meaning()).hasSizeBetween(1, 512).endsWith(".").doesNotContain("\n");
    }

    @Test
    void code_of_any_call_takes_the_phase_in_which_it_was_met() {
        assertThat(ReasonCode.PROVIDER_THROTTLED.phase(Phase.CONFIRM)).isEqualTo(Phase.CONFIRM);
        assertThat(ReasonCode.SCM_QUOTA.phase(Phase.CONFIRM)).isEqualTo(Phase.IMPORT);
    }

    @Test
    void failure_tells_the_codes_own_meaning_unless_it_knows_better() {
        var general = Failure.of(ReasonCode.TARGET_PERMISSION, Phase.PUSH, null, null);
        var special = Failure.of(ReasonCode.TARGET_PERMISSION, Phase.PUSH, "CDN refused the push.", null);

        assertThat(general.detail()).isEqualTo(ReasonCode.TARGET_PERMISSION.meaning());
        assertThat(special.detail()).isEqualTo("CDN refused the push.");
        assertThat(special.help()).isEqualTo("docs/errors.md#target-permission");
    }
}
