package io.certcourier.local.scm;

/**
 * A resource that serves a certificate.
 *
 * @param project {@code global} for CDN
 */
public record Binding(String certificateId, Service service, String project, String resourceId, String resourceName) {
}
