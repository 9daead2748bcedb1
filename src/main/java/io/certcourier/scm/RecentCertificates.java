package io.certcourier.scm;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

import io.certcourier.scm.CertificatePage.Listed;
import io.certcourier.scm.ScmConfig.OffsetMode;

/**
 * The account's newest certificates: one page answers for every renewal that waits; further pages only while one of them is
 * missing.
 */
@ApplicationScoped
public class RecentCertificates {

    private static final int PAGE_SIZE = 50;

    /** Names searched for one by one when the pages did not show them; the rest waits for the next look. */
    private static final int SEARCHES = 3;

    /**
     * @param certificates in the list's order, each id once
     * @param complete true if a name that is not here was not in the list; false if the list was not read to its end
     * @param oldest ids of the last page read: of all these they were changed longest ago
     * @param firstAnswer of the first page: its status and request id
     */
    public record Answer(List<Listed> certificates, boolean complete, List<String> oldest,
            ScmAnswer<CertificatePage> firstAnswer) {
    }

    private final ScmClient client;
    private final CallBudget budget;
    private final Jdbi jdbi;
    private final ScmConfig config;

    RecentCertificates(ScmClient client, CallBudget budget, Jdbi jdbi, ScmConfig config) {
        this.client = client;
        this.budget = budget;
        this.jdbi = jdbi;
        this.config = config;
    }

    /**
     * Reads the first page, whose token the caller has taken, and further pages while a name is missing, tokens are there, and
     * the time allows.
     *
     * @param wanted SCM names that are waited for
     * @param most time for further calls: none is begun later
     */
    public Answer read(String account, Collection<String> wanted, Duration most) {
        long until = System.nanoTime() + most.toNanos();
        var first = client.list(account, 0);
        var reading = new Reading(wanted);
        reading.add(first.value());
        for (int page = 1; reading.goesOn() && page < config.lookPages() && mayCall(account, until); page++) {
            nextPage(account, reading);
        }
        boolean complete = reading.complete();
        if (!complete) {
            search(account, reading, until);
        }
        return new Answer(List.copyOf(reading.found.values()), complete, reading.oldest, first);
    }

    private boolean mayCall(String account, long until) {
        return System.nanoTime() < until && budget.take(account, ScmOperation.LIST);
    }

    private void nextPage(String account, Reading reading) {
        var mode = offsetMode(account);
        if (mode.isPresent()) {
            reading.add(
                    client.list(account, mode.get() == OffsetMode.INDEX ? reading.pages * PAGE_SIZE : reading.pages).value());
            return;
        }
        // unknown: offset=1 is the second row or the second page, and the answer shows which
        var second = client.list(account, 1).value();
        long seen = second.certificates().stream().filter(c -> reading.found.containsKey(c.id())).count();
        var learned = seen > PAGE_SIZE / 2 ? OffsetMode.INDEX : OffsetMode.PAGE;
        remember(account, learned);
        if (learned == OffsetMode.PAGE) {
            reading.add(second);
        }
    }

    /** The keyword search may be ignored by SCM, so only what it hits means something. */
    private void search(String account, Reading reading, long until) {
        for (String name : reading.missing.stream().limit(SEARCHES).toList()) {
            if (!mayCall(account, until)) {
                return;
            }
            client.search(account, name).value().certificates().stream().filter(hit -> name.equals(hit.name()))
                    .forEach(hit -> reading.found.putIfAbsent(hit.id(), hit));
        }
    }

    private Optional<OffsetMode> offsetMode(String account) {
        if (config.offset() != OffsetMode.AUTO) {
            return Optional.of(config.offset());
        }
        return jdbi.withHandle(handle -> handle
                .createQuery("SELECT upper(offset_mode) FROM account WHERE account = :account AND offset_mode IS NOT NULL")
                .bind("account", account).mapTo(String.class).findOne().map(OffsetMode::valueOf));
    }

    private void remember(String account, OffsetMode mode) {
        jdbi.useTransaction(tx -> tx.createUpdate("UPDATE account SET offset_mode = lower(:mode) WHERE account = :account")
                .bind("account", account).bind("mode", mode.name()).execute());
    }

    /** The pages read so far. */
    private static final class Reading {
        private final Map<String, Listed> found = new LinkedHashMap<>();
        private final Set<String> missing;
        private int pages;
        private boolean lastWasFull;
        private boolean lastWasNew;
        private int totalCount;
        private List<String> oldest = List.of();

        Reading(Collection<String> wanted) {
            missing = new LinkedHashSet<>(wanted);
        }

        void add(CertificatePage page) {
            int before = found.size();
            for (var certificate : page.certificates()) {
                found.putIfAbsent(certificate.id(), certificate);
                missing.remove(certificate.name());
            }
            pages++;
            lastWasFull = page.certificates().size() >= PAGE_SIZE;
            lastWasNew = found.size() > before;
            totalCount = page.totalCount();
            oldest = page.certificates().stream().map(Listed::id).toList();
        }

        boolean goesOn() {
            return !missing.isEmpty() && lastWasFull && lastWasNew;
        }

        /** A short page that agrees with the total is the end; one that does not is a list that lags or errs. */
        boolean complete() {
            return missing.isEmpty() || !lastWasFull && found.size() >= totalCount;
        }
    }
}
