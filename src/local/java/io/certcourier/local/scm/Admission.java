package io.certcourier.local.scm;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.function.UnaryOperator;

/** Who calls, and may they: the gateway's checks in an order of ours, since the real one is unknown. */
final class Admission {

    private static final DateTimeFormatter SDK_DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final Duration LARGEST_SKEW = Duration.ofMinutes(15);

    private final Accounts accounts;
    private final Switches switches;
    private final EmulatorClock clock;
    private final RateLimits rates = new RateLimits();

    Admission(Accounts accounts, Switches switches, EmulatorClock clock) {
        this.accounts = accounts;
        this.switches = switches;
        this.clock = clock;
    }

    /** @throws Refusal the first check that fails */
    EmulatedAccount admit(SignatureCheck.Request request, Operation operation, LedgerSlot ledger) {
        var account = authenticate(request, ledger);
        rates.take(account.name(), operation, clock.instant(), switches);
        account.requireMay(operation);
        var domainId = request.header().apply("x-domain-id");
        if (domainId != null && !domainId.equals(account.domainId()) && switches.is(Switch.DOMAIN_HEADER, "check")) {
            throw Refusal.scm("SCM.0002", "The account id in the request is not the caller's.");
        }
        return account;
    }

    void reset() {
        rates.reset();
    }

    private EmulatedAccount authenticate(SignatureCheck.Request request, LedgerSlot ledger) {
        var token = request.header().apply("x-auth-token");
        if (token != null) {
            var account = accounts.byIamToken(token).orElseThrow(() -> Refusal.unauthenticated("decrypt token fail"));
            ledger.caller(account.name(), "");
            return account;
        }
        var header = request.header().apply("authorization");
        if (header == null) {
            throw Refusal.unauthenticated("x-auth-token not found");
        }
        var authorization = SignatureCheck.Authorization.parse(header).filter(parsed -> parsed.covers(request))
                .orElseThrow(Admission::wrongSignature);
        var accessKey = authorization.accessKey();
        ledger.caller("", accessKey);
        var account = accounts.byAccessKey(accessKey).orElseThrow(() -> unknownKey(accessKey));
        ledger.caller(account.name(), accessKey);
        var key = account.key(accessKey).orElseThrow();
        if (key.revoked()) {
            throw unknownKey(accessKey);
        }
        checkKey(key, authorization, request);
        return account;
    }

    private static Refusal unknownKey(String accessKey) {
        return Refusal.unauthenticated("Get secretKey failed,ak:" + accessKey + ",err:ak not exist");
    }

    private void checkKey(AccessKey key, SignatureCheck.Authorization authorization, SignatureCheck.Request request) {
        var now = clock.instant();
        if (key.lockedAt(now) && switches.is(Switch.AK_LOCK, "on")) {
            throw Refusal.unauthenticated("AK access failed to reach the limit,forbidden");
        }
        try {
            checkDate(request.header(), now);
            if (!SignatureCheck.matches(request, authorization, key.secret())) {
                throw wrongSignature();
            }
            if (!key.acceptsToken(request.header().apply("x-security-token"))) {
                throw Refusal.unauthenticated("the security token is missing or wrong");
            }
            if (key.expiredAt(now)) {
                throw Refusal.unauthenticated("the security token has expired");
            }
        } catch (Refusal refusal) {
            key.failed(now, switches.is(Switch.AK_LOCK, "on"));
            throw refusal;
        }
        key.succeeded();
    }

    private void checkDate(UnaryOperator<String> header, Instant now) {
        var text = header.apply("x-sdk-date");
        Instant signed;
        try {
            signed = LocalDateTime.parse(text, SDK_DATE).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException malformed) {
            throw wrongSignature();
        }
        if (Duration.between(signed, now).abs().compareTo(LARGEST_SKEW) <= 0) {
            return;
        }
        if (switches.is(Switch.CLOCK_SKEW, "APIGW.0301")) {
            throw wrongSignature();
        }
        throw Refusal.gateway(401, "0303", "Incorrect app authentication information: signature expired, signature time:"
                + text + ",server time:" + SDK_DATE.format(now.atOffset(ZoneOffset.UTC)));
    }

    private static Refusal wrongSignature() {
        return Refusal.unauthenticated("verify aksk signature fail");
    }
}
