package io.certcourier.scm;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import io.certcourier.certificate.Target;
import io.quarkus.runtime.Startup;

/**
 * The configured accounts: what may be pushed where. Endpoints and credentials stay inside this package. A wrong configuration
 * ends the start with a sentence that names the key.
 */
@Startup
@ApplicationScoped
public class ScmAccounts {

    private static final String PREFIX = "certcourier.scm.accounts.";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern ENTERPRISE_PROJECT = Pattern
            .compile("0|[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private final ScmConfig config;
    private final Map<String, ScmAccount> accounts = new TreeMap<>();

    ScmAccounts(ScmConfig config, InstantSource clock) {
        this.config = config;
        config.accounts().forEach((name, account) -> accounts.put(name, checked(name, account, clock)));
    }

    /** Names of all configured accounts. */
    public Set<String> names() {
        return Collections.unmodifiableSet(accounts.keySet());
    }

    /**
     * The account's allow list.
     *
     * @throws IllegalArgumentException no such account
     */
    public Set<Target> allowedTargets(String account) {
        return get(account).targets();
    }

    /**
     * 16 hex digits that change with endpoint, access key or secret key and tell nothing about them. A security token does not
     * count: it comes with an access key of its own.
     *
     * @throws IllegalArgumentException no such account
     */
    public String credentialsDigest(String account) {
        return get(account).credentialsDigest();
    }

    /**
     * Time until the account's temporary credentials run out, negative after that; empty if they do not, or if nobody said.
     *
     * @throws IllegalArgumentException no such account
     */
    public Optional<Duration> credentialsLeft(String account) {
        ScmAccount known = get(account);
        return known.credentials().expiresAt().map(end -> Duration.between(known.clock().now(), end));
    }

    /**
     * How far SCM's clock is ahead of ours, by its latest answer: to the second, as HTTP tells it. Empty before that.
     *
     * @throws IllegalArgumentException no such account
     */
    public Optional<Duration> clockSkew(String account) {
        return get(account).clock().skew();
    }

    /**
     * Calls per minute that the configuration grants.
     *
     * @throws IllegalArgumentException no such account
     */
    int budgetPerMinute(String account, ScmOperation operation) {
        get(account);
        ScmConfig.Budget budget = config.accounts().get(account).budget();
        return switch (operation) {
            case IMPORT -> budget.importing();
            case LIST -> budget.list();
            case SHOW -> budget.show();
            case PUSH -> budget.push();
            case BATCH_PUSH -> budget.batchPush();
        };
    }

    ScmAccount get(String name) {
        ScmAccount account = accounts.get(name);
        if (account == null) {
            throw new IllegalArgumentException("no such account is configured");
        }
        return account;
    }

    private static ScmAccount checked(String name, ScmConfig.Account account, InstantSource clock) {
        require(NAME.matcher(name).matches(), name, "", "an account name has 1 to 63 of a-z, 0-9 and hyphen");
        account.domainId().ifPresent(value -> requireHeaderValue(name, "domain-id", value));
        account.projectId().ifPresent(value -> requireHeaderValue(name, "project-id", value));
        account.enterpriseProjectId().ifPresent(value -> require(ENTERPRISE_PROJECT.matcher(value).matches(), name,
                ".enterprise-project-id", "must be 0 or the id of an enterprise project"));
        return new ScmAccount(credentials(name, account), name, endpoint(name, account), account,
                targets(name, account.targets()), clock);
    }

    private static AccountCredentials credentials(String name, ScmConfig.Account account) {
        if (account.credentialsFile().isPresent()) {
            require(account.accessKey().isEmpty() && account.secretKey().isEmpty() && account.securityToken().isEmpty(), name,
                    ".credentials-file", "stands for access-key, secret-key and security-token; set it or them, not both");
            try {
                return AccountCredentials.from(name, new CredentialsFile(account.credentialsFile().get()));
            } catch (CredentialsFile.Unusable e) {
                throw wrong(name, ".credentials-file", e.getMessage());
            }
        }
        String accessKey = account.accessKey().orElseThrow(() -> missing(name, ".access-key"));
        String secretKey = account.secretKey().orElseThrow(() -> missing(name, ".secret-key"));
        requireHeaderValue(name, "access-key", accessKey);
        requireHeaderValue(name, "secret-key", secretKey);
        account.securityToken().ifPresent(value -> requireHeaderValue(name, "security-token", value));
        return AccountCredentials.fixed(name,
                new Credentials(accessKey, secretKey, account.securityToken().orElse(null), null));
    }

    private static IllegalArgumentException missing(String name, String key) {
        return wrong(name, key, "is required, unless credentials-file names a file that has it");
    }

    private static URI endpoint(String name, ScmConfig.Account account) {
        URI uri = account.endpoint();
        boolean bare = uri.getHost() != null && uri.getUserInfo() == null && uri.getRawQuery() == null
                && uri.getRawFragment() == null && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
        require(bare && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())), name, ".endpoint",
                "must be an address like https://scm.cn-north-4.myhuaweicloud.com, without path or query");
        require("https".equals(uri.getScheme()) || account.plainHttp() || LOOPBACK.matcher(uri.getHost()).matches(), name,
                ".endpoint", "must be https; http is for an emulator: on this machine, or with plain-http=true");
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }

    private static Set<Target> targets(String name, List<String> texts) {
        Set<Target> targets = new TreeSet<>();
        for (String text : texts) {
            try {
                targets.add(Target.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw wrong(name, ".targets",
                        "\"" + text + "\" is not a target; targets are CDN, ELB@<project>, WAF@<project>");
            }
        }
        require(!targets.isEmpty(), name, ".targets", "at least one target must be allowed");
        return Collections.unmodifiableSet(targets);
    }

    private static void requireHeaderValue(String name, String key, String value) {
        require(Credentials.fitForHeader(value), name, "." + key, "must be printable ASCII without spaces");
    }

    private static void require(boolean holds, String name, String key, String sentence) {
        if (!holds) {
            throw wrong(name, key, sentence);
        }
    }

    private static IllegalArgumentException wrong(String name, String key, String sentence) {
        return new IllegalArgumentException(PREFIX + name + key + ": " + sentence + ".");
    }
}
