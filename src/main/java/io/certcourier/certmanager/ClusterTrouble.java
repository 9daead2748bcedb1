package io.certcourier.certmanager;

import java.net.HttpURLConnection;
import java.time.Duration;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** Why the API server did not do as asked, and the remedy, in one sentence: its own message may quote what it was about. */
final class ClusterTrouble {

    private static final String COMPONENT = "deploy/kubernetes/components/cert-manager";

    private ClusterTrouble() {
    }

    /** @param what was asked, such as "to list Secrets in namespace shop" */
    static String sentence(Throwable failure, String what) {
        var answer = answer(failure);
        int code = answer == null ? 0 : answer.getCode();
        return switch (code) {
            case HttpURLConnection.HTTP_FORBIDDEN -> what + " is forbidden: apply " + COMPONENT
                    + ", with a RoleBinding in every namespace that is watched, or for `*` a ClusterRoleBinding";
            case HttpURLConnection.HTTP_UNAUTHORIZED -> what + " is refused without a valid token of the service account: "
                    + COMPONENT + " mounts it";
            case HttpURLConnection.HTTP_NOT_FOUND -> what + " is not possible: the cluster does not know it; is cert-manager "
                    + "installed?";
            case 0 -> what + " is not possible: the API server cannot be reached (" + names(failure) + ")";
            default -> what + " is not possible: the API server answers " + code;
        };
    }

    /** Of what has not worked for a while without a failure that says why. */
    static String silence(String what, Duration since) {
        return what + " has not worked for " + since.toSeconds() + " s: check that the pods can reach the API server and have "
                + "the rights of " + COMPONENT;
    }

    private static KubernetesClientException answer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException client && client.getCode() > 0) {
                return client;
            }
        }
        return null;
    }

    /** The types of an exception and its causes in one line. */
    static String names(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure.getCause() == null ? name : name + ", " + names(failure.getCause());
    }

    /** {@link #names}, and where it was thrown: all that may be told of a failure whose message may quote anything. */
    static String namesAndPlace(Throwable failure) {
        var frames = failure.getStackTrace(); // of what the JVM throws often there is none
        return names(failure) + (frames.length == 0 ? "" : " at " + frames[0]);
    }
}
