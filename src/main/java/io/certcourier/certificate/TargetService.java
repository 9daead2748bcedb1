package io.certcourier.certificate;

/** The cloud services that SCM can push a certificate to. */
public enum TargetService {
    /** Content delivery network; global, has no project. */
    CDN(false),
    /** Load balancer; one certificate store per project. */
    ELB(true),
    /** Web application firewall; one certificate store per project. */
    WAF(true);

    private final boolean hasProject;

    TargetService(boolean hasProject) {
        this.hasProject = hasProject;
    }

    /** True if a target of this service must name a project (a region such as {@code cn-north-4}, or a sub-project of it). */
    public boolean hasProject() {
        return hasProject;
    }
}
