package io.certcourier.deploy;

import java.util.ArrayList;
import java.util.List;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;

/** What every pod of ours keeps to: the restricted security standard, and what we add to it. */
final class PodPolicy {

    static final String TOKEN = "gets a token of the Kubernetes API";

    private PodPolicy() {
    }

    /** Empty if the pod keeps to it. */
    static List<String> violations(PodSpec pod) {
        var found = new ArrayList<String>();
        rule(found, pod.getHostNetwork() == null && pod.getHostPID() == null && pod.getHostIPC() == null, "uses the host");
        rule(found, Boolean.FALSE.equals(pod.getAutomountServiceAccountToken()), TOKEN);
        rule(found, Boolean.FALSE.equals(pod.getEnableServiceLinks()), "gets variables of the services around it");
        var security = pod.getSecurityContext();
        rule(found, security != null && Boolean.TRUE.equals(security.getRunAsNonRoot()) && security.getRunAsUser() != null
                && security.getRunAsUser() > 0, "may run as root");
        rule(found, security != null && security.getSeccompProfile() != null
                && "RuntimeDefault".equals(security.getSeccompProfile().getType()), "has no seccomp profile");
        pod.getVolumes().forEach(volume -> {
            var bounded = volume.getEmptyDir() != null && volume.getEmptyDir().getSizeLimit() != null;
            rule(found, bounded || volume.getSecret() != null || volume.getConfigMap() != null || volume.getCsi() != null,
                    "volume " + volume.getName() + " is not allowed, or has no limit");
        });
        pod.getInitContainers().forEach(container -> check(container, found));
        pod.getContainers().forEach(container -> check(container, found));
        return found;
    }

    private static void check(Container container, List<String> found) {
        var name = container.getName() + ": ";
        var security = container.getSecurityContext();
        rule(found, security != null && Boolean.FALSE.equals(security.getAllowPrivilegeEscalation())
                && security.getPrivileged() == null, name + "may gain privileges");
        rule(found, security != null && Boolean.TRUE.equals(security.getReadOnlyRootFilesystem()), name + "may write");
        rule(found, security != null && security.getCapabilities() != null
                && security.getCapabilities().getDrop().contains("ALL") && security.getCapabilities().getAdd().isEmpty(),
                name + "has capabilities");
        rule(found, container.getPorts().stream().allMatch(port -> port.getHostPort() == null), name + "opens a host port");
        rule(found, container.getImage().matches(".+(:v?[0-9][0-9A-Za-z.-]*|@sha256:[0-9a-f]{64})"),
                name + "image is not pinned");
        var resources = container.getResources();
        rule(found, resources != null && resources.getRequests().keySet().containsAll(List.of("cpu", "memory"))
                && resources.getLimits().containsKey("memory"), name + "asks for nothing or takes all memory");
        container.getEnv().forEach(variable -> rule(found,
                variable.getValue() == null || !variable.getName().matches(".*(PASSWORD|SECRET|TOKEN|ACCESS_KEY|JAAS).*"),
                name + variable.getName() + " is in the file"));
    }

    private static void rule(List<String> found, boolean kept, String otherwise) {
        if (!kept) {
            found.add(otherwise);
        }
    }
}
