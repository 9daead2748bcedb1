package io.certcourier.scm;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The error codes of SCM and of the gateway before it that a call of ours can meet, in the order of scm/errors.json. */
public final class ErrorCatalogue {

    private static final Set<String> OURS = Arrays.stream(ScmOperation.values()).map(ScmOperation::label)
            .collect(Collectors.toSet());

    private ErrorCatalogue() {
    }

    /**
     * @param reasonCode what it becomes in events and answers of ours
     * @param meaning one sentence
     */
    public record KnownError(String code, String reasonCode, String meaning) {
    }

    public static List<KnownError> listed() {
        return ErrorTable.load().listed().stream().filter(ErrorCatalogue::canMeet)
                .map(row -> new KnownError(row.code(), row.reasonCode(), row.meaning())).toList();
    }

    private static boolean canMeet(ErrorRow row) {
        return row.operations() == null || row.operations().contains("*")
                || row.operations().stream().anyMatch(OURS::contains);
    }
}
