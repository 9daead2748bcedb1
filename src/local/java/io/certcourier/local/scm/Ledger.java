package io.certcourier.local.scm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every call in order of arrival, with its real effect: the ground truth of tests. An effect is on record before the answer
 * leaves.
 * Safe to read while calls are under way.
 */
public final class Ledger {

    private final List<LedgerSlot> slots = new ArrayList<>();
    private long lastSequence;

    synchronized LedgerSlot open(String requestId) {
        var slot = new LedgerSlot(++lastSequence, requestId);
        slots.add(slot);
        return slot;
    }

    /** Forgets the calls but not how many there were: sequence numbers never repeat. */
    synchronized void clear() {
        slots.clear();
    }

    public List<LedgerEntry> entries() {
        return since(0);
    }

    /** Entries with a greater sequence number. */
    public List<LedgerEntry> since(long sequence) {
        List<LedgerSlot> wanted;
        synchronized (this) {
            var first = slots.isEmpty() ? 0 : slots.get(0).sequence();
            var skip = Math.max(0, Math.min(slots.size(), sequence + 1 - first));
            wanted = List.copyOf(slots.subList((int) skip, slots.size()));
        }
        return wanted.stream().map(LedgerSlot::entry).toList();
    }

    /** How many calls of an operation arrived, refused ones and lost ones included. */
    public long count(Operation operation) {
        return entries().stream().filter(entry -> entry.operation() == operation).count();
    }

    /** Calls that name the certificate, by import or by id. */
    public List<LedgerEntry> callsFor(String certificateName) {
        return entries().stream().filter(entry -> entry.certificateName().equals(certificateName)).toList();
    }

    /** Ids that imports under this name created, in order; more than one is a duplicate. */
    public List<String> created(String certificateName) {
        return callsFor(certificateName).stream().flatMap(entry -> entry.effects().stream())
                .filter(effect -> effect.kind() == Effect.Kind.CREATED).map(Effect::id).toList();
    }

    /**
     * How many copies pushes made of a certificate in a target.
     *
     * @param project ignored for CDN
     */
    public long pushes(String certificateId, Service service, String project) {
        var target = TargetStores.label(service, project);
        return entries().stream().filter(entry -> entry.certificateId().equals(certificateId))
                .flatMap(entry -> entry.effects().stream())
                .filter(effect -> effect.kind() == Effect.Kind.PUSHED && effect.target().equals(target)).count();
    }

    /** Targets that got a copy of the certificate. */
    public Set<String> targetsReached(String certificateId) {
        return entries().stream().filter(entry -> entry.certificateId().equals(certificateId))
                .flatMap(entry -> entry.effects().stream()).filter(effect -> effect.kind() == Effect.Kind.PUSHED)
                .map(Effect::target).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The call that arrived last.
     *
     * @throws IndexOutOfBoundsException there was none
     */
    public LedgerEntry last() {
        LedgerSlot slot;
        synchronized (this) {
            slot = slots.get(slots.size() - 1);
        }
        return slot.entry();
    }
}
