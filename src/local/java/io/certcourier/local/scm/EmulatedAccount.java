package io.certcourier.local.scm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Huawei Cloud account: its keys, what it may do, its certificates, and the stores of the services its certificates are
 * pushed to.
 * Calls on one account are serialised by its monitor.
 */
public final class EmulatedAccount {

    private final String name;
    private final String domainId;
    private final Set<String> projects = ConcurrentHashMap.newKeySet();
    private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();
    private final Set<String> iamTokens = ConcurrentHashMap.newKeySet();
    private final Set<Operation> deniedOperations = EnumSet.noneOf(Operation.class);
    private final Set<Service> deniedServices = EnumSet.noneOf(Service.class);
    private boolean frozen;
    private boolean restricted;
    private final CertificateStore certificates = new CertificateStore();
    private final TargetStores targets = new TargetStores();

    /**
     * @param name logical name, used in ledger, faults and state
     * @param domainId the account id that X-Domain-Id would name
     * @param projects region ids and sub-project names that ELB and WAF pushes may go to
     */
    public EmulatedAccount(String name, String domainId, Set<String> projects) {
        this.name = name;
        this.domainId = domainId;
        this.projects.addAll(projects);
    }

    public String name() {
        return name;
    }

    public String domainId() {
        return domainId;
    }

    public EmulatedAccount withKey(String accessKey, String secretKey) {
        keys.put(accessKey, new AccessKey(accessKey, secretKey, null, null));
        return this;
    }

    /** A temporary key: calls must carry the token in X-Security-Token. */
    public EmulatedAccount withTemporaryKey(String accessKey, String secretKey, String securityToken) {
        return withTemporaryKey(accessKey, secretKey, securityToken, null);
    }

    /**
     * The same, valid for a time. An account may have several keys at once, as while one replaces the other.
     *
     * @param expiresAt by the emulator's clock; null for never
     */
    public EmulatedAccount withTemporaryKey(String accessKey, String secretKey, String securityToken, Instant expiresAt) {
        keys.put(accessKey, new AccessKey(accessKey, secretKey, securityToken, expiresAt));
        return this;
    }

    /**
     * From now on the key is as if it had never been.
     *
     * @throws IllegalArgumentException the account has no such key
     */
    public void revoke(String accessKey) {
        requireKey(accessKey).revoke();
    }

    /** An IAM token that X-Auth-Token may carry instead of a signature. */
    public EmulatedAccount withIamToken(String token) {
        iamTokens.add(token);
        return this;
    }

    public EmulatedAccount withProject(String project) {
        projects.add(project);
        return this;
    }

    public synchronized void freeze(boolean frozen) {
        this.frozen = frozen;
    }

    public synchronized void restrict(boolean restricted) {
        this.restricted = restricted;
    }

    /** @throws IllegalArgumentException the account has no such key */
    public void lock(String accessKey, Instant until) {
        requireKey(accessKey).lock(until);
    }

    private AccessKey requireKey(String accessKey) {
        return key(accessKey).orElseThrow(() -> new IllegalArgumentException("There is no access key " + accessKey + "."));
    }

    /** Takes the permission for an operation away: SCM.4002. */
    public synchronized void deny(Operation operation) {
        deniedOperations.add(operation);
    }

    /** Takes the permission for a target service away: SCM.0202, SCM.0212, SCM.0222. */
    public synchronized void deny(Service service) {
        deniedServices.add(service);
    }

    public synchronized void permitAll() {
        deniedOperations.clear();
        deniedServices.clear();
        frozen = false;
        restricted = false;
    }

    /**
     * Copies that pushes made in one target's store, oldest first.
     *
     * @param project ignored for CDN
     */
    public synchronized List<TargetCopy> copies(Service service, String project) {
        return targets.copies(service, project);
    }

    /** Binds a resource, as a person would at the target service: deployed-resources then counts it. */
    public synchronized void bind(Binding binding) {
        targets.bind(binding);
    }

    public synchronized List<Binding> bindings() {
        return targets.bindings();
    }

    /** Yuan that deploys have cost so far. */
    public synchronized int charges() {
        return targets.charges();
    }

    /**
     * Turns a certificate into another status, for example REVOKED.
     *
     * @return false if there is none of that id
     */
    public synchronized boolean setStatus(String certificateId, String status) {
        var found = certificates.find(certificateId);
        found.ifPresent(certificate -> certificate.override(status));
        return found.isPresent();
    }

    /**
     * Adds as many older certificates, as an account has that is used for years: copies of one that is there.
     *
     * @throws IllegalArgumentException there is none of that id
     */
    public synchronized void fill(String certificateId, int count) {
        var like = certificates.find(certificateId)
                .orElseThrow(() -> new IllegalArgumentException("There is no certificate " + certificateId + "."));
        for (int i = 1; i <= count; i++) {
            certificates.add(like.twin("scs%013d".formatted(i), like.importedAt().minusSeconds(i)));
        }
    }

    /**
     * Adds a certificate that was imported before this emulator's time. Its chain and key are not kept.
     *
     * @throws IllegalArgumentException that is no certificate with a name of a host
     */
    public synchronized void adopt(String certificateId, String name, String leafPem, Instant importedAt) {
        try {
            var leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(leafPem.getBytes(US_ASCII)));
            var pair = new ImportedPair(LeafFacts.of(leaf), leafPem, "", "", null, null);
            certificates.add(new StoredCertificate(certificateId, name, "0", pair, importedAt));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("not a certificate: " + name, e);
        }
    }

    synchronized AccountState state(Instant now) {
        return AccountState.of(this, now);
    }

    synchronized void reset() {
        certificates.clear();
        targets.clear();
        permitAll();
        keys.values().forEach(AccessKey::reset);
    }

    /** Row 11 of the order of checks. */
    synchronized void requireMay(Operation operation) {
        if (frozen) {
            throw Refusal.scm("SCM.1010", "The account is frozen.");
        }
        if (restricted) {
            throw Refusal.scm("SCM.1009", "The account is restricted.");
        }
        if (deniedOperations.contains(operation)) {
            throw Refusal.scm("SCM.4002", "The user has no permission for this operation.");
        }
    }

    boolean may(Service service) {
        return !deniedServices.contains(service);
    }

    boolean hasProject(String project) {
        return projects.contains(project);
    }

    Set<String> projects() {
        return new LinkedHashSet<>(projects.stream().sorted().toList());
    }

    Optional<AccessKey> key(String accessKey) {
        return Optional.ofNullable(keys.get(accessKey));
    }

    Set<String> accessKeys() {
        return keys.keySet();
    }

    boolean knowsIamToken(String token) {
        return iamTokens.contains(token);
    }

    CertificateStore certificates() {
        return certificates;
    }

    TargetStores targets() {
        return targets;
    }
}
