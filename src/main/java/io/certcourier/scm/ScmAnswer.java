package io.certcourier.scm;

/**
 * A usable answer of SCM.
 *
 * @param requestId SCM's X-Request-Id; null if none came
 * @param refusal why the one target of a push did not take it, although the call as such was in order; else null
 */
public record ScmAnswer<T>(T value, int httpStatus, String requestId, ScmFailure refusal) {
}
