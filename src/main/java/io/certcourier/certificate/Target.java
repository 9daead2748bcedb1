package io.certcourier.certificate;

import java.util.Comparator;
import java.util.Objects;

/**
 * One place to push a certificate to.
 *
 * @param project region id or sub-project name, at most 64 characters; empty exactly when the service has no projects
 */
public record Target(TargetService service, String project) implements Comparable<Target> {

    private static final Comparator<Target> ORDER = Comparator.comparing(Target::service).thenComparing(Target::project);

    public Target {
        Objects.requireNonNull(service);
        Objects.requireNonNull(project);
        if (service.hasProject() == project.isEmpty()) {
            throw new IllegalArgumentException(service + (project.isEmpty() ? " needs a project" : " takes no project"));
        }
        if (project.length() > 64) {
            throw new IllegalArgumentException("a project has at most 64 characters");
        }
    }

    /**
     * Reads the form that configuration and logs use: {@code CDN}, {@code ELB@cn-north-4}.
     *
     * @throws IllegalArgumentException unknown service, or a project where none belongs or none is given
     */
    public static Target parse(String text) {
        int at = text.indexOf('@');
        String service = at < 0 ? text : text.substring(0, at);
        return new Target(TargetService.valueOf(service), at < 0 ? "" : text.substring(at + 1));
    }

    @Override
    public int compareTo(Target other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return project.isEmpty() ? service.name() : service + "@" + project;
    }
}
