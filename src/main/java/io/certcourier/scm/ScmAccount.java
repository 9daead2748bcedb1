package io.certcourier.scm;

import java.net.URI;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.certcourier.certificate.Target;

/** One configured account: where it is and how its requests are signed. Prints its name only. */
final class ScmAccount {

    private static final DateTimeFormatter SIGNATURE_DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC);

    private final String name;
    private final URI endpoint;
    private final Set<Target> targets;
    private final String enterpriseProjectId;
    private final Map<String, String> accountHeaders = new LinkedHashMap<>();
    private final AccountCredentials credentials;
    private final SignatureClock clock;

    /** @param endpoint checked: scheme and authority, nothing else */
    ScmAccount(AccountCredentials credentials, String name, URI endpoint, ScmConfig.Account config, Set<Target> targets,
            InstantSource clock) {
        this.credentials = credentials;
        this.name = name;
        this.endpoint = endpoint;
        this.targets = targets;
        this.enterpriseProjectId = config.enterpriseProjectId().orElse(null);
        config.domainId().ifPresent(id -> accountHeaders.put("X-Domain-Id", id));
        config.projectId().ifPresent(id -> accountHeaders.put("X-Project-Id", id));
        this.clock = new SignatureClock(clock);
    }

    String name() {
        return name;
    }

    URI endpoint() {
        return endpoint;
    }

    Set<Target> targets() {
        return targets;
    }

    Optional<String> enterpriseProjectId() {
        return Optional.ofNullable(enterpriseProjectId);
    }

    SignatureClock clock() {
        return clock;
    }

    /** Those of now; another call may find others. */
    Credentials credentials() {
        return credentials.current();
    }

    /** Others than before make their first call alone, as at a start. */
    void refreshCredentials() {
        Credentials before = credentials();
        credentials.refresh(clock.now());
        if (credentials() != before) {
            clock.unproven();
        }
    }

    boolean credentialsExpired() {
        return credentials().expiredAt(clock.now());
    }

    String credentialsDigest() {
        return credentials().digest(endpoint);
    }

    /**
     * The headers that make a request ours, in the order in which they are to be set. Host is signed but not among them: the
     * HTTP client writes it, from the same URI and by the same rule.
     */
    Map<String, String> signedHeaders(String method, URI uri, byte[] body) {
        Credentials keys = credentials();
        Map<String, String> headers = new LinkedHashMap<>(accountHeaders);
        keys.securityToken().ifPresent(token -> headers.put("X-Security-Token", token));
        headers.put(RequestSigner.DATE_HEADER, SIGNATURE_DATE.format(clock.now()));
        Map<String, String> toSign = new LinkedHashMap<>(headers);
        toSign.put("Host", host(uri));
        headers.put("Authorization", keys.signer().authorization(method, uri, toSign, body));
        return headers;
    }

    private static String host(URI uri) {
        int usual = "https".equals(uri.getScheme()) ? 443 : 80;
        return uri.getPort() < 0 || uri.getPort() == usual ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    @Override
    public String toString() {
        return name;
    }
}
