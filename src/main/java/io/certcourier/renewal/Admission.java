package io.certcourier.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

import io.certcourier.outcome.LogKeys;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.renewal.Acceptance.Verdict;
import io.certcourier.renewal.NewRenewals.Batch;
import io.certcourier.renewal.Planner.Plan;
import io.certcourier.renewal.Subject.Neighbour;

/**
 * Commit point C1: decides, under the subjects' locks, what becomes of each request, and stores it with everything that ends
 * thereby.
 */
@ApplicationScoped
class Admission {

    private static final Logger LOG = Logger.getLogger(Admission.class);

    private final RenewalConfig config;
    private final Planner planner;
    private final NewRenewals newRenewals;
    private final Endings endings;

    Admission(RenewalConfig config, Planner planner, NewRenewals newRenewals, Endings endings) {
        this.config = config;
        this.planner = planner;
        this.newRenewals = newRenewals;
        this.endings = endings;
    }

    List<Acceptance> accept(Handle tx, List<RenewalRequest> requests) {
        Instant now = tx.createQuery("SELECT now()").mapTo(OffsetDateTime.class).one().toInstant();
        var subjects = Subject.lock(tx, requests);
        var known = Known.load(tx, requests.stream().map(RenewalRequest::id).toList());
        var answers = new ArrayList<Acceptance>();
        var rows = newRenewals.in(tx);
        for (var request : requests) {
            Known before = known.get(request.id());
            if (before != null && !before.mayBeJudgedAfresh(request)) {
                answers.add(new Acceptance(request.id(), before.round(), before.verdictOn(request), before.state().name()));
                continue;
            }
            var subject = subjects.get(Subject.key(request.account(), request.certificateName()));
            var stored = admit(rows, new Newcomer(request, before == null ? 1 : before.round() + 1, now, config.deadline()),
                    subject);
            known.put(request.id(), stored);
            answers.add(new Acceptance(request.id(), stored.round(), Verdict.STORED, stored.state().name()));
        }
        rows.flush();
        Subject.store(tx, subjects.values());
        return answers;
    }

    private Known admit(Batch rows, Newcomer newcomer, Subject subject) {
        if (rows.holds(newcomer, subject)) {
            rows.flush();
        }
        long generation = subject.nextGeneration();
        State state = settle(rows, newcomer, subject, generation);
        return Known.of(newcomer.request(), newcomer.round(), state);
    }

    /** In this order: refused, too late, older than another one, behind a live one; else it is the current one. */
    private State settle(Batch rows, Newcomer newcomer, Subject subject, long generation) {
        var request = newcomer.request();
        if (request.rejection() != null) {
            var failure = Failure.of(request.rejection().code(), Phase.VALIDATE, request.rejection().detail(), null);
            return endAtOnce(rows, newcomer, subject, generation, State.REJECTED, failure, null);
        }
        if (!newcomer.deadline().at().isAfter(newcomer.now())) {
            return endAtOnce(rows, newcomer, subject, generation, State.EXPIRED,
                    Failure.of(newcomer.deadline().reason(), Phase.SCHEDULE, null, null), null);
        }
        UUID newer = newerThan(newcomer, subject);
        if (newer != null) {
            return endAtOnce(rows, newcomer, subject, generation, State.SUPERSEDED, superseded(), newer);
        }
        if (subject.queued() != null) {
            endings.endIdle(rows.tx(), subject, subject.queued(), State.SUPERSEDED, superseded(), request.id());
            subject.queued(null);
        }
        var current = subject.current();
        if (current != null && (current.leased() || current.leafSha256().equals(newcomer.leaf()))) {
            if (!current.leafSha256().equals(newcomer.leaf())) {
                endings.askToStop(rows.tx(), current.id(), request.id());
            }
            rows.add(newcomer, subject, generation, NewRenewals.Start.queued());
            subject.queued(newcomer.asNeighbour());
            announce(rows.tx(), request, State.QUEUED);
            return State.QUEUED;
        }
        if (current != null) {
            endings.endIdle(rows.tx(), subject, current, State.SUPERSEDED, superseded(), request.id());
            subject.current(null);
        }
        return begin(rows, newcomer, subject, generation);
    }

    private State begin(Batch rows, Newcomer newcomer, Subject subject, long generation) {
        var request = newcomer.request();
        Plan plan = planner.plan(rows.tx(), request.account(), newcomer.leaf(), request.targets(), request.always());
        Instant quietUntil = subject.quietUntil();
        Instant notBefore = quietUntil != null && quietUntil.isAfter(newcomer.now()) ? quietUntil : newcomer.now();
        rows.add(newcomer, subject, generation, NewRenewals.Start.planned(plan, notBefore));
        if (plan.state() == State.UNCHANGED) {
            subject.reached(newcomer.asNeighbour());
            rows.flush();
            endings.report(rows.tx(), request.id());
        } else {
            subject.current(newcomer.asNeighbour());
            announce(rows.tx(), request, plan.state());
        }
        return plan.state();
    }

    private static void announce(Handle tx, RenewalRequest request, State state) {
        tx.afterCommit(() -> LogKeys.of("renewal.accepted").renewal(request.id(), request.certificateName(), request.account())
                .with("state", state).trace(request.origin().traceparent())
                .during(() -> LOG.infof("renewal accepted: renewalId=%s certificateName=%s account=%s state=%s", request.id(),
                        request.certificateName(), request.account(), state)));
    }

    private State endAtOnce(Batch rows, Newcomer newcomer, Subject subject, long generation, State state, Failure failure,
            UUID supersededBy) {
        rows.add(newcomer, subject, generation, NewRenewals.Start.ended(state, failure, supersededBy));
        rows.flush();
        endings.report(rows.tx(), newcomer.request().id());
        return state;
    }

    private static UUID newerThan(Newcomer newcomer, Subject subject) {
        for (Neighbour other : new Neighbour[] { subject.queued(), subject.current(), subject.delivered() }) {
            if (other != null && !other.id().equals(newcomer.request().id())
                    && Superseding.isNewer(other.order(), newcomer.order())) {
                return other.id();
            }
        }
        return null;
    }

    private static Failure superseded() {
        return Failure.of(ReasonCode.SUPERSEDED, Phase.SCHEDULE, null, null);
    }

    /** When a renewal ends at the latest, and what to say then. */
    record Deadline(Instant at, ReasonCode reason) {

        static Deadline of(RenewalRequest request, Instant now, Duration most) {
            Instant own = now.plus(most);
            Instant certificate = request.bundle() == null ? own : request.bundle().facts().notAfter();
            Instant outer = request.expiryTime() == null || certificate.isBefore(request.expiryTime()) ? certificate
                    : request.expiryTime();
            return outer.isBefore(own) ? new Deadline(outer, ReasonCode.EVENT_EXPIRED)
                    : new Deadline(own, ReasonCode.DEADLINE_EXCEEDED);
        }
    }
}
