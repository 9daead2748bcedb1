package io.certcourier.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The edges of validity, to the second. */
class ValidityTest {

    private static final Instant NOT_BEFORE = Instant.parse("2026-11-24T03:15:02Z");
    private static final Instant NOT_AFTER = Instant.parse("2027-02-22T03:15:01Z");
    private static final IssuedCertificate ISSUED = TestCa.create().leaf("www.example.com").validity(NOT_BEFORE, NOT_AFTER)
            .issue();

    @ParameterizedTest
    @CsvSource({ "PT0S", "PT-5M", "PT1H" })
    void a_start_up_to_five_minutes_ahead_is_accepted(Duration afterStart) {
        assertThat(refusedAt(NOT_BEFORE.plus(afterStart))).isNull();
    }

    @ParameterizedTest
    @CsvSource({ "PT-5M-1S", "PT-24H" })
    void a_start_further_ahead_is_not(Duration afterStart) {
        assertThat(refusedAt(NOT_BEFORE.plus(afterStart)).reason()).isEqualTo(InvalidCertificate.Reason.CERT_NOT_YET_VALID);
    }

    @ParameterizedTest
    @CsvSource({ "PT0S", "PT-1S" })
    void the_last_second_is_accepted(Duration afterEnd) {
        assertThat(refusedAt(NOT_AFTER.plus(afterEnd))).isNull();
    }

    @ParameterizedTest
    @CsvSource({ "PT0.001S", "PT4M", "PT24H" })
    void anything_later_is_expired_without_tolerance(Duration afterEnd) {
        assertThat(refusedAt(NOT_AFTER.plus(afterEnd)).reason()).isEqualTo(InvalidCertificate.Reason.CERT_EXPIRED);
    }

    private static InvalidCertificate refusedAt(Instant now) {
        return catchThrowableOfType(InvalidCertificate.class,
                () -> CertificateBundle.parse(ISSUED.leafPem(), ISSUED.chainPem(), ISSUED.keyBytes(), now).close());
    }
}
