package io.certcourier.renewal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.renewal.Look.Question;
import io.certcourier.renewal.Look.Shown;
import io.certcourier.renewal.Look.Verdict;
import io.certcourier.scm.CallBudget;
import io.certcourier.scm.RecentCertificates;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmConfig;
import io.certcourier.scm.ScmFailure;
import io.certcourier.scm.ScmOperation;

/** Makes the shared look: one list call, and a show call where the list alone does not settle whose certificate it is. */
@ApplicationScoped
class Confirmation {

    private final RecentCertificates recent;
    private final ScmClient scm;
    private final CallBudget budget;
    private final Looks looks;
    private final RenewalStore store;
    private final Duration callDeadline;

    Confirmation(RecentCertificates recent, ScmClient scm, CallBudget budget, Looks looks, RenewalStore store,
            ScmConfig config) {
        this.recent = recent;
        this.scm = scm;
        this.budget = budget;
        this.looks = looks;
        this.store = store;
        this.callDeadline = config.callDeadline();
    }

    void look(Look look) {
        try {
            var answer = recent.read(look.account(), look.waiting(), callDeadline);
            var shown = show(look, looks.questions(look, answer.certificates()));
            looks.apply(look, CallResult.answered(look.attempt(), answer.firstAnswer()), answer, shown)
                    .forEach(renewal -> store.endWaiting(renewal, new Next.End(State.FAILED, notPushable())));
        } catch (ScmFailure failure) {
            var pause = failure instanceof ScmFailure.Throttled throttled ? RetryRule.throttlePause(throttled) : null;
            looks.failed(look, CallResult.failed(look.attempt(), failure), pause);
        }
    }

    private static Failure notPushable() {
        return Failure.of(ReasonCode.NOT_PUSHABLE, Phase.CONFIRM, null, null);
    }

    /**
     * Stops when a call deadline has passed, since the look's lease must outlast all calls made under it; the rest waits for
     * the next look.
     */
    private List<Shown> show(Look look, List<Question> questions) {
        long until = System.nanoTime() + callDeadline.toNanos();
        var shown = new ArrayList<Shown>();
        for (var question : questions) {
            boolean ask = System.nanoTime() < until && budget.take(look.account(), ScmOperation.SHOW);
            shown.add(ask ? show(look, question) : new Shown(question, Verdict.OPEN));
        }
        return shown;
    }

    private Shown show(Look look, Question question) {
        try {
            return scm.show(look.account(), question.scmId()).value().map(certificate -> Shown.of(question, certificate))
                    .orElse(new Shown(question, Verdict.GONE));
        } catch (ScmFailure failure) {
            return new Shown(question, Verdict.OPEN);
        }
    }
}
