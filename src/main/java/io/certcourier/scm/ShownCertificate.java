package io.certcourier.scm;

/**
 * One certificate as SCM shows it.
 *
 * @param fingerprintSha1 lower-case hex without colons
 */
public record ShownCertificate(String id, String name, String status, String fingerprintSha1) {

    /** True in the statuses that SCM pushes: UPLOAD, ISSUED. */
    public boolean pushable() {
        return "UPLOAD".equals(status) || "ISSUED".equals(status);
    }
}
