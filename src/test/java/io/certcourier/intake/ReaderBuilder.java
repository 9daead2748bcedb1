package io.certcourier.intake;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.certcourier.certificate.Target;

/** A reader with account {@code prod} (CDN, ELB and WAF in cn-north-4) and one recipient key; and the configuration it has. */
final class ReaderBuilder implements IntakeConfig {

    private final List<Route> routes = new ArrayList<>();
    private final Map<String, Set<Target>> accounts = new HashMap<>();
    private boolean plaintextKeys;
    private Path recipientKeys;

    static ReaderBuilder aReader(Path recipientKeys) {
        var builder = new ReaderBuilder();
        builder.recipientKeys = recipientKeys;
        return builder.account("prod", "CDN", "ELB@cn-north-4", "WAF@cn-north-4");
    }

    ReaderBuilder account(String name, String... targets) {
        accounts.put(name, Stream.of(targets).map(Target::parse).collect(Collectors.toSet()));
        return this;
    }

    ReaderBuilder acceptingPlaintextKeys() {
        plaintextKeys = true;
        return this;
    }

    ReaderBuilder route(String match, String account, String... targets) {
        routes.add(aRoute(match, account, targets));
        return this;
    }

    EventReader build() {
        return new EventReader(this, new RecipientKeys(recipientKeys()), account -> Optional.ofNullable(accounts.get(account)),
                InstantSource.fixed(EventBuilder.NOW));
    }

    static Route aRoute(String match, String account, String... targets) {
        return new Route() {
            @Override
            public String match() {
                return match;
            }

            @Override
            public Optional<String> account() {
                return Optional.ofNullable(account);
            }

            @Override
            public Optional<List<String>> targets() {
                return targets.length == 0 ? Optional.empty() : Optional.of(List.of(targets));
            }
        };
    }

    @Override
    public boolean allowPlaintextKeys() {
        return plaintextKeys;
    }

    @Override
    public Optional<Path> recipientKeys() {
        return Optional.ofNullable(recipientKeys);
    }

    @Override
    public int maxEventBytes() {
        return 65536;
    }

    @Override
    public List<Route> routes() {
        return routes;
    }
}
