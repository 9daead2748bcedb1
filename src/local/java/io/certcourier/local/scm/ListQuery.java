package io.certcourier.local.scm;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.vertx.core.MultiMap;

/** The query of one list call: which certificates match, in which order, and which of them make the page. */
final class ListQuery {

    private static final Set<Integer> LIMITS = Set.of(10, 20, 50);
    private static final Set<String> SORT_KEYS = Set.of("certExpiredTime", "certStatus", "certUpdateTime");
    private static final Set<String> STATUSES = Set.of("ALL", "PAID", "ISSUED", "CHECKING", "CANCELCHECKING", "UNPASSED",
            "EXPIRED", "REVOKING", "REVOKED", "UPLOAD", "CHECKING_ORG", "ISSUING", "SUPPLEMENTCHECKING");

    private final Call call;
    private final MultiMap query;
    private final int limit;
    private final int offset;
    private final String sortKey;
    private final boolean ascending;
    private final Predicate<StoredCertificate> filter;

    /** @throws Refusal SCM.0005 */
    ListQuery(Call call) {
        this.call = call;
        this.query = call.query();
        this.limit = number("limit", 10);
        this.offset = number("offset", 0);
        this.sortKey = oneOf("sort_key", SORT_KEYS, "certUpdateTime");
        this.ascending = oneOf("sort_dir", Set.of("ASC", "DESC"), "DESC").equals("ASC");
        checkPage();
        this.filter = filter();
    }

    int limit() {
        return limit;
    }

    int offset() {
        return offset;
    }

    List<StoredCertificate> page() {
        var skip = call.switches().is(Switch.OFFSET_MODE, "page") ? (long) offset * limit : offset;
        return matches().skip(skip).limit(limit).toList();
    }

    int total() {
        return (int) call.account().certificates().byId().stream().filter(filter).count();
    }

    private Stream<StoredCertificate> matches() {
        if (sortKey.equals("certUpdateTime") && !ascending) {
            return call.account().certificates().newestFirst().stream().filter(filter);
        }
        Comparator<StoredCertificate> order = switch (sortKey) {
            case "certExpiredTime" -> Comparator.comparing(one -> one.leaf().notAfter());
            case "certStatus" -> Comparator.comparing(one -> one.status(call.now()));
            default -> Comparator.comparing(StoredCertificate::updatedAt);
        };
        return call.account().certificates().byId().stream().filter(filter)
                .sorted((ascending ? order : order.reversed()).thenComparing(StoredCertificate::id));
    }

    private Predicate<StoredCertificate> filter() {
        var now = call.now();
        var status = oneOf("status", STATUSES, "ALL");
        var project = query.get("enterprise_project_id") == null ? "all" : query.get("enterprise_project_id");
        if (!project.isEmpty() && !ImportChecks.ENTERPRISE_PROJECT.matcher(project).matches()) {
            throw Refusal.badParameter("The parameter enterprise_project_id is wrong.");
        }
        var deployable = oneOf("deploy_support", Set.of("true", "false"), "false").equals("true");
        oneOf("owned_by_self", Set.of("true", "false"), "true"); // all certificates here are the account's own
        var lag = Math.max(call.switches().number(Switch.LIST_LAG),
                call.fault(FaultKind.LIST_LAG).map(fault -> fault.number("seconds")).orElse(0));
        Predicate<StoredCertificate> wanted = one -> lag == 0 || !one.importedAt().isAfter(now.minusSeconds(lag));
        if (!status.equals("ALL")) {
            wanted = wanted.and(one -> one.status(now).equals(status));
        }
        if (!project.isEmpty() && !project.equals("all")) {
            wanted = wanted.and(one -> one.enterpriseProjectId().equals(project));
        }
        if (deployable) {
            wanted = wanted.and(one -> one.pushable(now));
        }
        return wanted.and(expiry()).and(content());
    }

    private Predicate<StoredCertificate> expiry() {
        if (query.get("expired_days_since") == null) {
            return one -> true;
        }
        var days = number("expired_days_since", 0);
        if (days > 1095) {
            throw Refusal.badParameter("The parameter expired_days_since is over 1095.");
        }
        return one -> !one.expiredLongerThan(Duration.ofDays(days), call.now());
    }

    private Predicate<StoredCertificate> content() {
        var content = query.get("content");
        if (content == null || content.isEmpty() || call.switches().is(Switch.LIST_CONTENT, "ignored")) {
            return one -> true;
        }
        var wanted = content.toLowerCase(Locale.ROOT);
        return one -> one.name().toLowerCase(Locale.ROOT).contains(wanted)
                || one.leaf().domain().toLowerCase(Locale.ROOT).contains(wanted);
    }

    private void checkPage() {
        if (call.switches().is(Switch.LIST_STRICT, "lenient")) {
            return;
        }
        if (!LIMITS.contains(limit)) {
            throw Refusal.badParameter("The parameter limit is not 10, 20 or 50.");
        }
        if (!call.switches().is(Switch.OFFSET_MAX, "none") && offset > call.switches().number(Switch.OFFSET_MAX)) {
            throw Refusal.badParameter("The parameter offset is over " + call.switches().get(Switch.OFFSET_MAX) + ".");
        }
    }

    private int number(String name, int byDefault) {
        var text = query.get(name);
        if (text == null) {
            return byDefault;
        }
        if (!text.matches("[0-9]{1,6}")) {
            throw Refusal.badParameter("The parameter " + name + " is not a number.");
        }
        return Integer.parseInt(text);
    }

    private String oneOf(String name, Set<String> values, String byDefault) {
        var text = query.get(name) == null ? byDefault : query.get(name);
        if (!values.contains(text)) {
            throw Refusal.badParameter("The parameter " + name + " is wrong.");
        }
        return text;
    }
}
