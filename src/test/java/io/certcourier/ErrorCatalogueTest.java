package io.certcourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Remedy;
import io.certcourier.scm.DocumentedErrors;
import io.certcourier.scm.DocumentedErrors.DocumentedError;
import io.certcourier.scm.ErrorCatalogue;
import io.certcourier.scm.ErrorCatalogue.KnownError;

/**
 * docs/errors.md is written from ReasonCode and scm/errors.json: {@code mvn test -Dtest=ErrorCatalogueTest -Dregenerate} after
 * a change.
 */
class ErrorCatalogueTest {

    private static final Path FILE = Path.of("docs/errors.md");

    @Test
    void catalogue_is_what_the_code_says() throws IOException {
        if (System.getProperty("regenerate") != null) {
            Files.writeString(FILE, catalogue());
        }

        assertThat(FILE).as("run with -Dregenerate").content().isEqualTo(catalogue());
    }

    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void every_help_link_leads_to_a_heading(ReasonCode code) throws IOException {
        var link = code.help().split("#");

        assertThat(Path.of(link[0])).isEqualTo(FILE).content().contains("\n### " + link[1] + "\n");
    }

    @Test
    void the_api_tells_the_codes_that_the_document_lists() {
        assertThat(ErrorCatalogue.listed()).extracting(KnownError::code, KnownError::reasonCode, KnownError::meaning)
                .containsExactlyElementsOf(DocumentedErrors.listed().stream()
                        .map(error -> tuple(error.code(), error.reasonCode(), error.meaning())).toList());
    }

    private static String catalogue() {
        var text = new StringBuilder(
                """
                        # Error catalogue

                        <!-- Written from ReasonCode and scm/errors.json by ErrorCatalogueTest; do not edit. -->

                        Why a renewal ended other than delivered, or waits. `failure.reasonCode` of a `cert-delivery-failed` event is one of
                        these, and `failure.help` leads here. The list is open: treat a code that is not here by its phase and `retryable`.

                        - **phase**: where on its way the renewal met the reason; *any call*: the phase in which SCM was called.
                        - **retryable**: yes = the same event can succeed once the remedy is done; no = only another event can.
                        - **remedy**: what has to be done, see [Remedies](#remedies).

                        | code | phase | retryable | remedy | meaning |
                        |---|---|---|---|---|
                        """);
        for (var code : ReasonCode.values()) {
            text.append("| [%s](#%s) | %s | %s | %s | %s |\n".formatted(code, anchor(code), phase(code), retryable(code),
                    code.remedy(), code.meaning()));
        }
        text.append("\n## Reasons\n");
        for (var code : ReasonCode.values()) {
            text.append(
                    "\n### %s\n\n`%s`, phase %s, retryable: %s, remedy: %s\n\n%s\n".formatted(anchor(code), code, phase(code),
                            retryable(code), code.remedy(), code.meaning()));
        }
        text.append("\n## Remedies\n\n| remedy | what to do |\n|---|---|\n");
        for (var remedy : Remedy.values()) {
            text.append("| %s | %s |\n".formatted(remedy, remedy.whatToDo()));
        }
        return text.append(scmCodes()).toString();
    }

    private static String scmCodes() {
        var text = new StringBuilder(
                """

                        ## SCM codes

                        What certcourier does with each error code that a call of it can meet: SCM's own, and those of the gateway before it
                        (`APIGW.` and `APIG.` are twins; a code that is missing under one is looked up under the other). An event shows the code
                        as `failure.provider.errorCode`.

                        - *Stops the account*: nothing is called for it any more and renewals that met the error are held, until one list call
                          succeeds: after 10, 20 or 40 minutes, or as soon as there are other credentials.
                        - `*`: status or text of the answer can sharpen the row; the conditions stand in
                          [`errors.json`](../src/main/resources/scm/errors.json), which is where a code is added.

                        | code | reason | what certcourier does | meaning |
                        |---|---|---|---|
                        """);
        DocumentedErrors.listed().forEach(error -> text.append(row(error.code() + (error.refined() ? " *" : ""), error)));
        text.append("""

                ### Answers without a code that is listed

                The first row that fits decides. An unlisted code counts as PROVIDER_UNMAPPED, whatever else its row says.

                | HTTP | calls | reason | what certcourier does | meaning |
                |---|---|---|---|---|
                """);
        DocumentedErrors.unlisted()
                .forEach(error -> text.append(row(error.http() + " | " + error.operations(), error)));
        text.append(
                "\n### No answer, or one that says less than it should\n\n| what | reason | what certcourier does | meaning |\n"
                        + "|---|---|---|---|\n");
        DocumentedErrors.withoutAnswer().forEach(error -> text.append(row(error.code(), error)));
        return text.toString();
    }

    private static String row(String key, DocumentedError error) {
        return "| %s | [%s](#%s) | %s | %s |\n".formatted(key, error.reasonCode(),
                anchor(ReasonCode.valueOf(error.reasonCode())), whatWeDo(error), error.meaning().replace("|", "\\|"));
    }

    private static String whatWeDo(DocumentedError error) {
        boolean all = error.operations().equals("all");
        boolean imports = all || error.operations().contains("import");
        boolean pushes = all || error.operations().contains("push");
        String again = "calls again" + (error.few() ? ", a few times" : ", until the deadline");
        return switch (error.consequence()) {
            case GIVE_UP -> error.concernsTarget() || !imports ? "gives the target up"
                    : "ends the renewal" + (pushes ? "; on push gives the target up" : "");
            case HOLD_ACCOUNT -> "stops the account";
            case HOLD_SERVICE -> "serves the other targets, then tries again every 30 minutes";
            case WAIT -> "waits, lowers the call budget, counts no attempt";
            case REPEAT -> again;
            case LOOK_FIRST -> !imports ? again : "looks whether it happened" + (pushes ? "; on push " + again : "");
            case FIND_EXISTING -> "looks for the certificate by name and fingerprint";
        };
    }

    private static String anchor(ReasonCode code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String phase(ReasonCode code) {
        var phase = code.phase(null);
        return phase == null ? "any call" : phase.name();
    }

    private static String retryable(ReasonCode code) {
        return code.retryable() ? "yes" : "no";
    }
}
