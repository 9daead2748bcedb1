package io.certcourier.local.scm;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.vertx.core.json.JsonObject;

/**
 * One scripted fault: what goes wrong and which calls it strikes. Null fields match any call.
 *
 * @param project strikes calls that name this project, of a batch only that item where the kind is about items
 * @param certificate name or id
 * @param nth strikes from the n-th matching call on, counted from 1
 * @param times strikes that many calls; 0 for all
 * @param share of the matching calls that are struck, drawn with {@code seed}
 * @param options see {@link FaultKind}
 */
public record Fault(FaultKind kind, Operation operation, String account, Service service, String project, String certificate,
        int nth, int times, double share, long seed, Map<String, Object> options) {

    private static final Set<String> FIELDS = Set.of("kind", "operation", "account", "service", "project", "certificate",
            "nth", "times", "share", "seed", "options");

    public Fault {
        if (kind.operation() != null && operation != kind.operation()) {
            throw new IllegalArgumentException("Only " + kind.operation().label() + " can suffer " + kind.label() + ".");
        }
        if (nth < 1 || times < 0 || share <= 0 || share > 1) {
            throw new IllegalArgumentException("A fault needs nth from 1, times from 0 and a share over 0, at most 1.");
        }
        var complete = new TreeMap<>(kind.options());
        options.forEach((name, value) -> {
            var byDefault = complete.get(name);
            if (byDefault == null || !byDefault.getClass().isInstance(value)) {
                throw new IllegalArgumentException("Fault " + kind.label() + " has no such option " + name + ".");
            }
            complete.put(name, value);
        });
        options = Map.copyOf(complete);
        if (kind == FaultKind.DENIED) {
            Denial.of((String) options.get("reason"));
        }
    }

    /** Strikes the next call that can suffer it, once; latency strikes all. */
    public static Fault of(FaultKind kind) {
        return new Fault(kind, kind.operation(), null, null, null, null, 1, kind == FaultKind.LATENCY ? 0 : 1, 1, 0, Map.of());
    }

    public static Fault denied(Denial reason) {
        return of(FaultKind.DENIED).with("reason", reason.label());
    }

    public Fault on(Operation struck) {
        return new Fault(kind, struck, account, service, project, certificate, nth, times, share, seed, options);
    }

    public Fault account(String name) {
        return new Fault(kind, operation, name, service, project, certificate, nth, times, share, seed, options);
    }

    /** @param inProject null for any */
    public Fault target(Service to, String inProject) {
        return new Fault(kind, operation, account, to, inProject, certificate, nth, times, share, seed, options);
    }

    public Fault certificate(String nameOrId) {
        return new Fault(kind, operation, account, service, project, nameOrId, nth, times, share, seed, options);
    }

    public Fault nth(int call) {
        return new Fault(kind, operation, account, service, project, certificate, call, times, share, seed, options);
    }

    /** @param calls 0 for all */
    public Fault times(int calls) {
        return new Fault(kind, operation, account, service, project, certificate, nth, calls, share, seed, options);
    }

    /** Strikes a share of all matching calls, the same ones for the same seed. */
    public Fault share(double part, long fromSeed) {
        return new Fault(kind, operation, account, service, project, certificate, nth, 0, part, fromSeed, options);
    }

    /** @throws IllegalArgumentException the kind has no such option, or it is of another type */
    public Fault with(String option, Object value) {
        var changed = new TreeMap<>(options);
        changed.put(option, value);
        return new Fault(kind, operation, account, service, project, certificate, nth, times, share, seed, changed);
    }

    int number(String option) {
        return (Integer) options.get(option);
    }

    String text(String option) {
        return (String) options.get(option);
    }

    boolean flag(String option) {
        return (Boolean) options.get(option);
    }

    boolean hits(String itemProject) {
        return project == null || project.equals(itemProject);
    }

    boolean matches(Call call) {
        return (operation == null || operation == call.operation())
                && (account == null || account.equals(call.account().name()))
                && (service == null || service.name().equalsIgnoreCase(call.serviceName()))
                && (project == null || call.projects().contains(project)) && (certificate == null
                        || certificate.equals(call.certificateId()) || certificate.equals(call.certificateName()));
    }

    /** @throws IllegalArgumentException with a sentence that names the field */
    static Fault of(JsonObject json) {
        json.fieldNames().stream().filter(field -> !FIELDS.contains(field)).findFirst().ifPresent(unknown -> {
            throw new IllegalArgumentException("A fault has no field " + unknown + ".");
        });
        try {
            var kind = FaultKind.of(json.getString("kind", ""));
            var operation = json.containsKey("operation") ? Operation.of(json.getString("operation")) : kind.operation();
            var service = json.containsKey("service") ? Service.valueOf(json.getString("service")) : null;
            var share = json.getDouble("share", 1.0);
            var times = json.getInteger("times", share < 1 || kind == FaultKind.LATENCY ? 0 : 1);
            return new Fault(kind, operation, json.getString("account"), service, json.getString("project"),
                    json.getString("certificate"), json.getInteger("nth", 1), times, share, json.getLong("seed", 0L),
                    options(json.getJsonObject("options", new JsonObject())));
        } catch (ClassCastException | NullPointerException wrongType) {
            throw new IllegalArgumentException("A field of the fault has the wrong type.", wrongType);
        }
    }

    private static Map<String, Object> options(JsonObject json) {
        var options = new TreeMap<String, Object>();
        json.fieldNames().forEach(name -> options.put(name, json.getValue(name)));
        return options;
    }

    JsonObject toJson() {
        return new JsonObject().put("kind", kind.label()).put("operation", operation == null ? null : operation.label())
                .put("account", account).put("service", service == null ? null : service.name()).put("project", project)
                .put("certificate", certificate).put("nth", nth).put("times", times).put("share", share).put("seed", seed)
                .put("options", new JsonObject(new TreeMap<>(options)));
    }
}
