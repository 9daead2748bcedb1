package io.certcourier.flow;

import static io.certcourier.flow.HostileRecord.harmlessMember;
import static io.certcourier.flow.HostileRecord.member;
import static io.certcourier.flow.HostileRecord.value;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Values that parsers choke on, and fields that the schema must stop. */
final class HostileValues {

    private HostileValues() {
    }

    static Stream<HostileRecord> all() {
        return Stream.of(bytes(), json(), numbers(), fields()).flatMap(List::stream);
    }

    private static List<HostileRecord> bytes() {
        String good = text(HostileRecord.good());
        return List.of(
                value("tombstone", "TOMBSTONE", (byte[]) null),
                value("nothing", "MALFORMED_JSON", ""),
                value("1 MiB of zeros", "PAYLOAD_TOO_LARGE", new byte[1 << 20]),
                value("one byte too large", "PAYLOAD_TOO_LARGE", good + " ".repeat(65537 - good.length())),
                value("a gzip bomb", "MALFORMED_JSON", gzipped(new byte[10_000_000])),
                value("no UTF-8", "MALFORMED_JSON", new byte[] { '"', (byte) 0xff, '"' }),
                value("overlong UTF-8", "MALFORMED_JSON", new byte[] { '"', (byte) 0xc0, (byte) 0xaf, '"' }),
                value("a surrogate in UTF-8", "MALFORMED_JSON", new byte[] { '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"' }),
                value("UTF-16", "MALFORMED_JSON", good.getBytes(UTF_16BE)),
                value("byte order mark", "MALFORMED_JSON", "\ufeff" + good),
                value("NUL before the value", "MALFORMED_JSON", "\u0000" + good),
                value("NUL after the value", "MALFORMED_JSON", good + "\u0000"));
    }

    private static List<HostileRecord> json() {
        return List.of(
                value("60,000 open lists", "MALFORMED_JSON", "[".repeat(60_000)),
                value("9,000 objects, one in the other", "MALFORMED_JSON", "{\"a\":".repeat(9_000) + "1" + "}".repeat(9_000)),
                value("two values", "MALFORMED_JSON", "{} {}"),
                value("an entity", "MALFORMED_JSON", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
                value("a list of events", "SCHEMA_VIOLATION", "[{},{}]"),
                member("a name twice", "MALFORMED_JSON", "\"certificateName\":\"other\""),
                member("a name twice, once escaped", "MALFORMED_JSON", "\"certificate\\u004eame\":\"other\""),
                member("a label twice", "MALFORMED_JSON", "\"labels\":{\"a\":\"1\",\"a\":\"2\"}"),
                member("half a pair as value", "MALFORMED_JSON", "\"requestedBy\":\"\\ud800\""),
                member("half a pair as name", "MALFORMED_JSON", "\"\\udfff\":1"),
                member("NUL in a string", "MALFORMED_JSON", "\"requestedBy\":\"a\u0000b\""),
                harmlessMember("names of one hash", collidingNames(10)),
                harmlessMember("3,000 unknown members",
                        IntStream.range(0, 3000).mapToObj(i -> "\"m" + i + "\":" + i).collect(Collectors.joining(","))),
                harmlessMember("a prototype", "\"__proto__\":{\"privateKeyPem\":\"x\"},\"constructor\":1"),
                harmlessMember("an expression", "\"note\":\"${jndi:ldap://localhost/a} #{1+1} %n%s {} ' OR 1=1; --\""));
    }

    private static List<HostileRecord> numbers() {
        return List.of(
                member("sequence without end", "SCHEMA_VIOLATION", "\"sequence\":1e999999"),
                member("exponent without end", "SCHEMA_VIOLATION", "\"sequence\":1e999999999"),
                member("sequence of 50,000 digits", "MALFORMED_JSON", "\"sequence\":" + "9".repeat(50_000)),
                member("2^53", "SCHEMA_VIOLATION", "\"sequence\":9007199254740992"),
                member("2^64", "SCHEMA_VIOLATION", "\"sequence\":18446744073709551616"),
                member("negative sequence", "SCHEMA_VIOLATION", "\"sequence\":-1"),
                member("half a sequence", "SCHEMA_VIOLATION", "\"sequence\":1.5"),
                member("sequence as text", "SCHEMA_VIOLATION", "\"sequence\":\"17\""),
                member("sequence not a number", "MALFORMED_JSON", "\"sequence\":NaN"),
                harmlessMember("unknown number without end", "\"size\":-1e999999999"),
                harmlessMember("sequence in another spelling", "\"sequence\":1.7e1"));
    }

    private static List<HostileRecord> fields() {
        return List.of(
                field("name with line feed", "certificateName", "www.example.com\n"),
                field("name that climbs", "certificateName", "../../etc/passwd"),
                field("name in homoglyphs", "certificateName", "www.ex\u0430mple.com"),
                field("name that turns around", "certificateName", "www.\u202egro.elpmaxe"),
                field("name of 254", "certificateName", "a".repeat(254)),
                field("name as list", "certificateName", List.of("a")),
                field("null account", "account", com.fasterxml.jackson.databind.node.NullNode.instance),
                field("account that climbs", "account", "../default"),
                field("account with line feed", "account", "default\n"),
                HostileRecord.event("account of nobody", "ACCOUNT_UNKNOWN", HostileRecord.good().with("account", "nobody")),
                field("key with line feed", "idempotencyKey", "a\n"),
                field("key that is not ASCII", "idempotencyKey", "\u0430"),
                field("fingerprint with line feed", "fingerprintSha256", "0".repeat(64) + "\n"),
                field("labels with a path", "labels", java.util.Map.of("../a", "b")),
                field("labels with a control character", "labels", java.util.Map.of("a", "\u001b[2J")),
                field("17 labels", "labels",
                        IntStream.range(0, 17).boxed().collect(Collectors.toMap(i -> "l" + i, i -> "x"))),
                field("NUL in requestedBy", "requestedBy", "a\u0000"),
                field("21 targets", "targets",
                        TestEvent.targets(IntStream.range(0, 21).mapToObj(i -> "ELB@cn-north-" + i).toArray(String[]::new))),
                field("a target twice", "targets", TestEvent.targets("CDN", "CDN")),
                field("a project that climbs", "targets", TestEvent.targets("ELB@cn-north-4_../../x")),
                HostileRecord.event("a project of somebody else", "TARGET_NOT_ALLOWED",
                        HostileRecord.good().with("targets", TestEvent.targets("ELB@cn-north-4_theirs"))),
                HostileRecord.event("a service nobody has", "TARGET_NOT_ALLOWED",
                        HostileRecord.good().with("targets", TestEvent.targets("DROP_TABLE"))),
                HostileRecord.harmless("a name like a path", "SUCCEEDED", named("a/../../etc/passwd")),
                HostileRecord.harmless("a name like an address", "SUCCEEDED", named("http://169.254.169.254/latest")));
    }

    private static TestEvent named(String name) {
        var event = TestEvent.fresh("named");
        return event.with("certificateName", name + event.certificateName());
    }

    private static HostileRecord field(String what, String field, Object value) {
        return HostileRecord.event(what, "SCHEMA_VIOLATION", HostileRecord.good().with(field, value));
    }

    /** 2^n member names for which a hash of multiply by 33 and add is the same: AB and B! weigh the same. */
    private static String collidingNames(int n) {
        return IntStream.range(0, 1 << n)
                .mapToObj(bits -> IntStream.range(0, n).mapToObj(i -> (bits >> i & 1) == 0 ? "AB" : "B!")
                        .collect(Collectors.joining("", "\"", "\":1")))
                .collect(Collectors.joining(","));
    }

    private static byte[] gzipped(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String text(TestEvent event) {
        return new String(event.data(), UTF_8);
    }
}
