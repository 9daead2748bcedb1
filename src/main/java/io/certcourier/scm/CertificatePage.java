package io.certcourier.scm;

import java.util.List;

/**
 * One page of an account's certificates, newest change first.
 *
 * @param certificates at most 50
 * @param totalCount as SCM says it
 */
public record CertificatePage(List<Listed> certificates, int totalCount) {

    /** @param status an open set: UPLOAD and ISSUED can be pushed */
    public record Listed(String id, String name, String status) {
    }
}
