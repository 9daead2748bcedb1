package io.certcourier.scm;

/**
 * A usable answer of SCM.
 *
 * @param requestId SCM's X-Request-Id; null if none came
 */
public record ScmAnswer<T>(T value, int httpStatus, String requestId) {
}
