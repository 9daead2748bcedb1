package io.certcourier.scm;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import io.certcourier.certificate.SecretBytes;
import io.certcourier.certificate.Target;
import io.certcourier.scm.ScmApi.Imported;
import io.certcourier.scm.ScmApi.Listing;
import io.certcourier.scm.ScmApi.Shown;

/**
 * Calls SCM for one account: our words in, answers or {@link ScmFailure} out. Blocks for at most certcourier.scm.call-deadline;
 * never repeats a call, except one that SCM refused for the time of its signature while telling the right time.
 */
@ApplicationScoped
public class ScmClient {

    private static final Logger LOG = Logger.getLogger(ScmClient.class);
    private static final int PAGE = 50;

    private final ScmAccounts accounts;
    private final ScmCalls calls;
    private final ScmErrors errors;
    private final ScmConfig config;
    private final Consumer<ScmCall> listener;

    @Inject
    ScmClient(ScmAccounts accounts, ScmCalls calls, ScmErrors errors, ScmConfig config, Event<ScmCall> listener) {
        this(accounts, calls, errors, config, (Consumer<ScmCall>) listener::fire);
    }

    ScmClient(ScmAccounts accounts, ScmCalls calls, ScmErrors errors, ScmConfig config, Consumer<ScmCall> listener) {
        this.accounts = accounts;
        this.calls = calls;
        this.errors = errors;
        this.config = config;
        this.listener = listener;
    }

    /**
     * Stores the certificate in SCM under a name that is fixed per leaf, and returns SCM's id for it. A certificate that is
     * there already is to be refused.
     *
     * @param name 3 to 63 characters of A-Z a-z 0-9 _ - . (SCM: ImportCertificate)
     * @param leafPem at most 4096 characters of ASCII, no line break at either end; chainPem likewise, 8192
     * @param keyPem ASCII, at most 4096 bytes; read once, neither kept nor closed
     * @return opaque, never empty; samples are "scs" and 13 digits
     * @throws ScmFailure.Rejected SCM will never take it (SCM.0006, 0012, 0014, 0079, 0109, ..)
     * @throws ScmFailure.Exists it is perhaps there already: find it by name
     * @throws ScmFailure.Unavailable no usable answer: look by name before repeating
     * @throws ScmFailure of another kind, see there; nothing was stored
     */
    public ScmAnswer<String> importCertificate(String account, String name, String leafPem, String chainPem,
            SecretBytes keyPem) {
        ScmAccount caller = accounts.get(account);
        try (ImportBody body = new ImportBody(name, leafPem, chainPem, keyPem, caller.enterpriseProjectId().orElse(null))) {
            return told(account, ScmOperation.IMPORT, () -> {
                ScmReply reply = success(calls.send(caller, ScmOperation.IMPORT, api -> api.importCertificate(body.bytes())));
                String id = ScmJson.read(reply.body(), Imported.class).map(Imported::certificate_id)
                        .filter(text -> !text.isBlank()).orElseThrow(() -> errors.unusable(ScmOperation.IMPORT, reply));
                return answer(id, reply);
            });
        }
    }

    /**
     * One page of 50 of the account's certificates in all enterprise projects, last changed first.
     *
     * @param offset index or page number, see {@link ScmConfig#offset()}; SCM takes 0 to 100
     * @throws ScmFailure the answer is not known; no effect in any case
     */
    public ScmAnswer<CertificatePage> list(String account, int offset) {
        return told(account, ScmOperation.LIST, () -> list(account, offset, null));
    }

    /**
     * The first page of certificates whose name or domain contains a word. SCM may ignore the word: then it is the first page
     * of all.
     *
     * @throws ScmFailure the answer is not known; no effect in any case
     */
    public ScmAnswer<CertificatePage> search(String account, String word) {
        return told(account, ScmOperation.LIST, () -> list(account, 0, word));
    }

    private ScmAnswer<CertificatePage> list(String account, int offset, String content) {
        ScmReply reply = success(calls.send(accounts.get(account), ScmOperation.LIST,
                api -> api.list(PAGE, offset, "certUpdateTime", "DESC", content)));
        // without a list the answer must say that there is nothing: "not there" leads to another import
        Listing listing = ScmJson.read(reply.body(), Listing.class)
                .filter(read -> read.certificates() != null || Objects.equals(read.total_count(), 0))
                .orElseThrow(() -> errors.unusable(ScmOperation.LIST, reply));
        List<CertificatePage.Listed> page = listing.certificates() == null ? List.of()
                : listing.certificates().stream().filter(item -> item != null && item.id() != null)
                        .map(item -> new CertificatePage.Listed(item.id(), item.name(), item.status())).toList();
        return answer(new CertificatePage(page, listing.total_count() == null ? page.size() : listing.total_count()), reply);
    }

    /**
     * Empty if SCM does not know the id.
     *
     * @throws ScmFailure the answer is not known; no effect in any case
     */
    public ScmAnswer<Optional<ShownCertificate>> show(String account, String certificateId) {
        return told(account, ScmOperation.SHOW, () -> shown(account, certificateId));
    }

    private ScmAnswer<Optional<ShownCertificate>> shown(String account, String certificateId) {
        ScmCalls.Outcome outcome = calls.send(accounts.get(account), ScmOperation.SHOW, api -> api.show(idPath(certificateId)));
        if (outcome.refusal() != null && outcome.refusal().gone()) {
            return answer(Optional.empty(), outcome.reply());
        }
        ScmReply reply = success(outcome);
        Shown shown = ScmJson.read(reply.body(), Shown.class).filter(read -> read.id() != null)
                .orElseThrow(() -> errors.unusable(ScmOperation.SHOW, reply));
        return answer(Optional.of(new ShownCertificate(shown.id(), shown.name(), shown.status(), hex(shown.fingerprint()))),
                reply);
    }

    /**
     * Copies the certificate to the call's targets; binds nothing. The result has every target of the call.
     *
     * @param call one of {@link #plan}
     * @throws ScmFailure concerns the call, the account or the certificate, so every target of the call; what concerns one
     *         target
     *         only is its {@link PushResult.Refused}
     */
    public ScmAnswer<Map<Target, PushResult>> push(String account, String certificateId, PushCall call) {
        String id = idPath(certificateId);
        String service = call.service().name();
        List<String> projects = call.targets().stream().map(Target::project).toList();
        return told(account, call.operation(), () -> {
            ScmCalls.Outcome outcome = calls.send(accounts.get(account), call.operation(),
                    api -> call.operation() == ScmOperation.PUSH
                            ? api.push(id, ScmJson.write(new ScmApi.Push(projects.get(0), service)))
                            : api.batchPush(id, ScmJson.write(new ScmApi.BatchPush(projects, service))));
            return pushed(call, outcome);
        });
    }

    private ScmAnswer<Map<Target, PushResult>> pushed(PushCall call, ScmCalls.Outcome outcome) {
        PushAnswers answers = new PushAnswers(errors);
        ScmReply reply = outcome.reply();
        return outcome.refusal() == null ? answer(answers.accepted(call, reply), reply)
                : new ScmAnswer<>(answers.refused(call, outcome.refusal()), reply.status(), reply.requestId(),
                        outcome.refusal().failure());
    }

    /** The calls that push to these targets: per service as few as SCM allows. */
    public List<PushCall> plan(Collection<Target> targets) {
        return PushPlan.of(targets, config.push());
    }

    private static ScmReply success(ScmCalls.Outcome outcome) {
        if (outcome.refusal() != null) {
            throw outcome.refusal().failure();
        }
        return outcome.reply();
    }

    private static <T> ScmAnswer<T> answer(T value, ScmReply reply) {
        return new ScmAnswer<>(value, reply.status(), reply.requestId(), null);
    }

    private <T> ScmAnswer<T> told(String account, ScmOperation operation, Supplier<ScmAnswer<T>> call) {
        long start = System.nanoTime();
        try {
            ScmAnswer<T> answer = call.get();
            tell(ScmCall.of(account, operation, answer, since(start)));
            return answer;
        } catch (ScmFailure failure) {
            tell(ScmCall.of(account, operation, failure, since(start)));
            throw failure;
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void tell(ScmCall call) {
        try {
            listener.accept(call);
        } catch (RuntimeException e) {
            // the call is over: a failing onlooker must not make an import that was made look lost
            LOG.errorf(e, "an observer of SCM calls failed: account=%s operation=%s", call.account(),
                    call.operation().label());
        }
    }

    /** An empty id would turn the path into another operation's. */
    private static String idPath(String certificateId) {
        if (certificateId.isBlank()) {
            throw new IllegalArgumentException("certificate id is empty");
        }
        return certificateId;
    }

    private static String hex(String fingerprint) {
        return fingerprint == null ? null : fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
    }
}
