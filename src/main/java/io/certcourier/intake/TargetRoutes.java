package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.ACCOUNT_UNKNOWN;
import static io.certcourier.outcome.ReasonCode.NO_TARGET;
import static io.certcourier.outcome.ReasonCode.TARGET_NOT_ALLOWED;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.certcourier.certificate.Target;

/** Where certificates go whose event leaves account or targets open: the first route that matches and fits the account. */
final class TargetRoutes {

    private static final String DEFAULT_ACCOUNT = "default";

    private final List<Route> routes;
    private final Function<String, Optional<Set<Target>>> allowedTargets;

    /**
     * @param account null: the route leaves it open
     * @param targets empty: the route leaves them open
     */
    private record Route(Pattern match, String account, Set<Target> targets) {

        boolean matches(String certificateName, List<String> dnsNames) {
            return match.matcher(certificateName).matches()
                    || dnsNames.stream().anyMatch(name -> match.matcher(name).matches());
        }
    }

    /** @param targets of the route; empty if none matches or it names none */
    record Destination(String account, Set<Target> targets) {
    }

    /**
     * @param allowedTargets allow list by account; empty: no such account
     * @throws IllegalStateException a route cannot work; the message names the key
     */
    TargetRoutes(List<IntakeConfig.Route> configured, Function<String, Optional<Set<Target>>> allowedTargets) {
        this.allowedTargets = allowedTargets;
        var read = new ArrayList<Route>();
        for (int i = 0; i < configured.size(); i++) {
            String key = "certcourier.intake.routes[" + i + "]";
            var route = configured.get(i);
            var targets = parse(route.targets().orElse(List.of()), key + ".targets");
            route.account().ifPresent(account -> requireAllowed(account, targets, key));
            read.add(new Route(glob(route.match()), route.account().orElse(null), targets));
        }
        routes = List.copyOf(read);
    }

    /**
     * The account of the event, else of the route, else {@code default}. A route that names another account than the event is
     * passed over: its targets were meant for that account.
     *
     * @param account of the event, null if it names none
     * @param dnsNames in lower case
     */
    Destination destination(String certificateName, String account, List<String> dnsNames) {
        Optional<Route> route = routes.stream()
                .filter(each -> account == null || each.account() == null || each.account().equals(account))
                .filter(each -> each.matches(certificateName, dnsNames))
                .findFirst();
        String chosen = account != null ? account : route.map(Route::account).orElse(DEFAULT_ACCOUNT);
        return new Destination(chosen, route.map(Route::targets).orElse(Set.of()));
    }

    /**
     * What the event wants, else what the route says, if the account may have it.
     *
     * @param wanted null if the event names no target
     * @return sorted, never empty
     * @throws Refused ACCOUNT_UNKNOWN, NO_TARGET, TARGET_NOT_ALLOWED
     */
    Set<Target> targets(List<CertRenewed.Target> wanted, Destination destination) {
        Set<Target> allowed = allowedTargets.apply(destination.account())
                .orElseThrow(() -> new Refused(ACCOUNT_UNKNOWN, ACCOUNT_UNKNOWN.meaning()));
        if (wanted != null) {
            return permitted(wanted, allowed);
        }
        if (destination.targets().isEmpty()) {
            throw new Refused(NO_TARGET, NO_TARGET.meaning());
        }
        if (!allowed.containsAll(destination.targets())) {
            throw new Refused(TARGET_NOT_ALLOWED, "A target of the route that matches is not on the account's allow list.");
        }
        return destination.targets();
    }

    /** Compared as text: the schema lets services pass that this version does not know. */
    private static Set<Target> permitted(List<CertRenewed.Target> wanted, Set<Target> allowed) {
        var targets = new TreeSet<Target>();
        for (int i = 0; i < wanted.size(); i++) {
            String text = wanted.get(i).toString();
            int position = i + 1;
            targets.add(allowed.stream().filter(each -> each.toString().equals(text)).findFirst()
                    .orElseThrow(() -> new Refused(TARGET_NOT_ALLOWED,
                            "Target " + position + " of the event is not on the account's allow list.")));
        }
        return Collections.unmodifiableSortedSet(targets);
    }

    private void requireAllowed(String account, Set<Target> targets, String key) {
        Set<Target> allowed = allowedTargets.apply(account).orElseThrow(
                () -> new IllegalStateException(key + ".account: no account '" + account + "' is configured"));
        for (Target target : targets) {
            if (!allowed.contains(target)) {
                throw new IllegalStateException(
                        key + ".targets: " + target + " is not on the allow list of account '" + account + "'");
            }
        }
    }

    private static Set<Target> parse(List<String> texts, String key) {
        var targets = new TreeSet<Target>();
        for (String text : texts) {
            try {
                targets.add(Target.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(
                        key + ": '" + text + "' is no target; write CDN, ELB@<project> or WAF@<project>",
                        e);
            }
        }
        return Collections.unmodifiableSortedSet(targets);
    }

    private static Pattern glob(String text) {
        var regex = new StringBuilder();
        for (char c : text.toCharArray()) {
            regex.append(switch (c) {
                case '*' -> ".*";
                case '?' -> ".";
                default -> Pattern.quote(String.valueOf(c));
            });
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }
}
