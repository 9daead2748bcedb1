package io.certcourier.renewal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;

/** Reads stored renewals for people. It never writes, locks nothing, and sees what was committed last. */
@ApplicationScoped
class RenewalHistory implements PanacheRepositoryBase<StoredRenewal, UUID> {

    /** A renewal that backs off for a week makes a few hundred calls; the newest ones tell what is wrong. */
    private static final int MOST_ATTEMPTS = 200;

    @ActivateRequestContext
    Optional<RenewalDetail> detail(UUID id) {
        getEntityManager().clear(); // a request that looks twice would be shown what it saw first
        return findByIdOptional(id).map(renewal -> RenewalDetail.of(renewal, targets(id), attempts(id)));
    }

    /** One page, newest first; one row more than asked for tells whether another page follows. */
    @ActivateRequestContext
    RenewalPage page(RenewalFilter filter) {
        var conditions = new ArrayList<String>();
        var values = new LinkedHashMap<String, Object>();
        conditions(filter, conditions, values);
        String where = conditions.isEmpty() ? "" : String.join(" and ", conditions) + " ";
        var rows = find(where + "order by acceptedAt desc, id", values).range(0, filter.limit()).list();
        return RenewalPage.of(rows.stream().map(RenewalView::of).toList(), filter.limit());
    }

    private static void conditions(RenewalFilter filter, List<String> conditions, Map<String, Object> values) {
        only("state in :states", "states", filter.states().isEmpty() ? null : filter.states(), conditions, values);
        only("state in :outcomes", "outcomes", filter.outcomes().isEmpty() ? null : filter.outcomes(), conditions, values);
        only("certificateName = :name", "name", filter.certificateName(), conditions, values);
        only("account = :account", "account", filter.account(), conditions, values);
        only("reasonCode = :reason", "reason", filter.reasonCode(), conditions, values);
        only("acceptedAt >= :since", "since", filter.since(), conditions, values);
        only("acceptedAt < :until", "until", filter.until(), conditions, values);
        if (filter.after() != null) {
            // the first half is what the index renewal_accepted can start from
            conditions.add("acceptedAt <= :at and (acceptedAt < :at or id > :id)");
            values.put("at", filter.after().at());
            values.put("id", filter.after().id());
        }
    }

    private static void only(String condition, String name, Object value, List<String> conditions, Map<String, Object> values) {
        if (value != null) {
            conditions.add(condition);
            values.put(name, value);
        }
    }

    private List<StoredTarget> targets(UUID id) {
        return getEntityManager()
                .createQuery("from StoredTarget where renewal = :id order by service, project", StoredTarget.class)
                .setParameter("id", id).getResultList();
    }

    private List<StoredAttempt> attempts(UUID id) {
        return getEntityManager()
                .createQuery("from StoredAttempt where renewal = :id order by id desc", StoredAttempt.class)
                .setParameter("id", id).setMaxResults(MOST_ATTEMPTS).getResultList();
    }
}
