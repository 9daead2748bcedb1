package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One generation of an account's keys, and what calls have taught about it. Prints nothing. */
final class Credentials {

    private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]+");
    /** A call that is signed so late may reach SCM too late. */
    private static final Duration TIME_TO_SEND = Duration.ofSeconds(3);

    private static final Duration STOP = Duration.ofSeconds(5);

    private final String accessKey;
    private final String secretKey;
    private final String securityToken;
    private final Instant expiresAt;
    private final RequestSigner signer;
    private volatile boolean refused;
    private volatile long refusedAt;
    private volatile boolean everDenied;

    /**
     * All texts fit for a header: see {@link #fitForHeader}.
     *
     * @param securityToken null for permanent keys
     * @param expiresAt null if it is not known, or never
     */
    Credentials(String accessKey, String secretKey, String securityToken, Instant expiresAt) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.securityToken = securityToken;
        this.expiresAt = expiresAt;
        this.signer = new RequestSigner(accessKey, secretKey);
    }

    static boolean fitForHeader(String value) {
        return HEADER_VALUE.matcher(value).matches();
    }

    RequestSigner signer() {
        return signer;
    }

    Optional<String> securityToken() {
        return Optional.ofNullable(securityToken);
    }

    Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** True from a moment before the end on: what is signed then is refused. */
    boolean expiredAt(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt.minus(TIME_TO_SEND));
    }

    /** SCM did not let them in; more refusals lock the key. */
    void refused() {
        denied();
        refusedAt = System.nanoTime();
        refused = true;
    }

    /** A call was denied that was signed with them, for whatever reason. */
    void denied() {
        everDenied = true;
    }

    /** SCM let a call in. */
    void accepted() {
        refused = false;
    }

    /** Refused, and not let in since. */
    boolean areRefused() {
        return refused;
    }

    /** Calls that are on their way to SCM must not follow a refused one; what comes later is for the breaker to decide. */
    boolean justRefused() {
        return refused && System.nanoTime() - refusedAt < STOP.toNanos();
    }

    /** If not, a denial was meant for those before them. */
    boolean wereEverDenied() {
        return everDenied;
    }

    boolean sameAs(Credentials other) {
        return accessKey.equals(other.accessKey) && secretKey.equals(other.secretKey)
                && securityToken().equals(other.securityToken()) && expiresAt().equals(other.expiresAt());
    }

    /**
     * 16 hex digits that change with endpoint, access key or secret key and tell nothing about them. A security token does not
     * count: it comes with an access key of its own.
     */
    String digest(URI endpoint) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secretKey.getBytes(UTF_8), "HmacSHA256"));
            byte[] digest = mac.doFinal((endpoint + "\n" + accessKey).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "credentials";
    }
}
