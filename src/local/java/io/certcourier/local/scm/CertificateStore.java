package io.certcourier.local.scm;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The certificates of one account, kept sorted for the list everybody asks for. Guarded by the account. */
final class CertificateStore {

    private final TreeMap<String, StoredCertificate> byId = new TreeMap<>();
    private final NavigableSet<StoredCertificate> newestFirst = new TreeSet<>(
            Comparator.comparing(StoredCertificate::updatedAt).reversed().thenComparing(StoredCertificate::id));
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, Integer> fingerprints = new HashMap<>();

    void add(StoredCertificate certificate) {
        byId.put(certificate.id(), certificate);
        newestFirst.add(certificate);
        names.merge(certificate.name(), 1, Integer::sum);
        fingerprints.merge(certificate.leaf().fingerprint(), 1, Integer::sum);
    }

    Optional<StoredCertificate> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<StoredCertificate> findByName(String name) {
        return names.containsKey(name) ? byId.values().stream().filter(one -> one.name().equals(name)).findFirst()
                : Optional.empty();
    }

    void remove(StoredCertificate certificate) {
        byId.remove(certificate.id());
        newestFirst.remove(certificate);
        names.computeIfPresent(certificate.name(), (name, count) -> count == 1 ? null : count - 1);
        fingerprints.computeIfPresent(certificate.leaf().fingerprint(), (print, count) -> count == 1 ? null : count - 1);
    }

    void touch(StoredCertificate certificate, Instant now) {
        newestFirst.remove(certificate);
        certificate.touchedAt(now);
        newestFirst.add(certificate);
    }

    boolean hasName(String name) {
        return names.containsKey(name);
    }

    boolean hasFingerprint(String fingerprint) {
        return fingerprints.containsKey(fingerprint);
    }

    int size() {
        return byId.size();
    }

    Collection<StoredCertificate> byId() {
        return byId.values();
    }

    /** Update time descending, equal times by id. */
    Collection<StoredCertificate> newestFirst() {
        return newestFirst;
    }

    void clear() {
        byId.clear();
        newestFirst.clear();
        names.clear();
        fingerprints.clear();
    }
}
