package io.certcourier.local.scm;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The accounts of the emulator, found by name, access key or IAM token. */
final class Accounts {

    private final Map<String, EmulatedAccount> byName = new ConcurrentSkipListMap<>();

    /** @throws IllegalArgumentException the name or one of the keys is taken by another account */
    void add(EmulatedAccount account) {
        if (account.accessKeys().stream().anyMatch(key -> byAccessKey(key).isPresent())) {
            throw new IllegalArgumentException("One of the access keys of account " + account.name() + " is taken.");
        }
        if (byName.putIfAbsent(account.name(), account) != null) {
            throw new IllegalArgumentException("There is an account " + account.name() + " already.");
        }
    }

    Optional<EmulatedAccount> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** @throws IllegalArgumentException there is no such account */
    EmulatedAccount get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("There is no account " + name + "."));
    }

    Optional<EmulatedAccount> byAccessKey(String accessKey) {
        return byName.values().stream().filter(account -> account.key(accessKey).isPresent()).findFirst();
    }

    Optional<EmulatedAccount> byIamToken(String token) {
        return byName.values().stream().filter(account -> account.knowsIamToken(token)).findFirst();
    }

    Collection<EmulatedAccount> all() {
        return byName.values();
    }
}
