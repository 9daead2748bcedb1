package io.certcourier.scm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** scm/errors.json, and the order in which its rows are asked. */
final class ErrorTable {

    record File(List<ErrorRow> beforeMatching, List<ErrorRow> errors, List<ErrorRow> fallback, List<ErrorRow> transport,
            List<ErrorRow> insideSuccess) {
    }

    /** @param unlisted true if a code came that the table does not list, so that the status decided */
    record Match(ErrorRow row, boolean unlisted) {
    }

    private final File file;
    private final Map<String, ErrorRow> byCode;

    private ErrorTable(File file) {
        this.file = file;
        this.byCode = file.errors().stream().collect(Collectors.toMap(ErrorRow::code, Function.identity()));
    }

    static ErrorTable load() {
        JsonMapper mapper = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();
        try (InputStream json = ErrorTable.class.getResourceAsStream("/scm/errors.json")) {
            return new ErrorTable(mapper.readValue(json, File.class));
        } catch (IOException e) {
            throw new UncheckedIOException("scm/errors.json cannot be read", e);
        }
    }

    Match match(ScmOperation operation, int status, String code, String text) {
        Optional<ErrorRow> perhapsDone = file.beforeMatching().stream()
                .filter(row -> row.covers(operation, status) && row.holds(status, text)).findFirst();
        if (perhapsDone.isPresent()) {
            return new Match(perhapsDone.get(), false);
        }
        ErrorRow listed = code == null ? null : byCode.getOrDefault(code, byCode.get(twin(code)));
        ErrorRow row = listed != null ? listed : fallback(operation, status);
        return new Match(row.refined(status, text), code != null && listed == null);
    }

    List<ErrorRow> listed() {
        return file.errors();
    }

    Set<String> codes() {
        return byCode.keySet();
    }

    ErrorRow transport(String kind) {
        return named(file.transport(), kind);
    }

    ErrorRow insideSuccess(String kind, String text) {
        return named(file.insideSuccess(), kind).refined(200, text);
    }

    /** The same gateway error under the prefix of the other kind of gateway. */
    private static String twin(String code) {
        return code.startsWith("APIG.") ? "APIGW." + code.substring("APIG.".length())
                : code.startsWith("APIGW.") ? "APIG." + code.substring("APIGW.".length()) : code;
    }

    private ErrorRow fallback(ScmOperation operation, int status) {
        return file.fallback().stream().filter(row -> row.covers(operation, status)).findFirst()
                .orElseGet(() -> transport("lost")); // 1xx, 6xx: no HTTP that we know
    }

    private static ErrorRow named(List<ErrorRow> rows, String kind) {
        return rows.stream().filter(row -> kind.equals(row.kind())).findFirst().orElseThrow();
    }
}
