package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;

/** The pod: what it may do, how it is asked for its health, what it is told by its environment. */
class KubernetesPodTest {

    private Deployment deployment;
    private PodSpec pod;
    private Container container;
    private Map<String, String> settings;

    @BeforeEach
    void read() throws IOException {
        deployment = Manifests.read("deployment.yaml", Deployment.class);
        pod = deployment.getSpec().getTemplate().getSpec();
        container = pod.getContainers().get(0);
        settings = Manifests.read("configmap.yaml", ConfigMap.class).getData();
    }

    @Test
    void pod_passes_the_restricted_security_standard() {
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getHostPID()).isNull();
        assertThat(pod.getHostIPC()).isNull();
        assertThat(pod.getInitContainers()).isEmpty();
        assertThat(pod.getVolumes()).allMatch(volume -> volume.getSecret() != null || volume.getEmptyDir() != null);
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getContainers()).allSatisfy(each -> {
            assertThat(each.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(each.getSecurityContext().getPrivileged()).isNull();
            assertThat(each.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(each.getSecurityContext().getCapabilities().getAdd()).isEmpty();
            assertThat(each.getPorts()).noneMatch(port -> port.getHostPort() != null);
        });
    }

    @Test
    void file_system_is_read_only_and_what_is_writable_is_bounded() {
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(pod.getVolumes()).filteredOn(volume -> volume.getEmptyDir() != null).singleElement()
                .satisfies(volume -> assertThat(volume.getEmptyDir().getSizeLimit()).isNotNull());
        assertThat(container.getVolumeMounts()).filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .singleElement().satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
    }

    @Test
    void pod_gets_neither_a_token_nor_variables_of_the_services_around_it() {
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getEnableServiceLinks()).isFalse();
        assertThat(pod.getServiceAccountName()).isEqualTo("certcourier");
    }

    @Test
    void probes_ask_the_management_port() {
        var probes = List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe());

        assertThat(probes).extracting(probe -> probe.getHttpGet().getPath())
                .containsExactly("/q/health/started", "/q/health/ready", "/q/health/live");
        assertThat(probes).allSatisfy(probe -> {
            assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
            // readiness gives the database 2 s of its own
            assertThat(probe.getTimeoutSeconds()).isGreaterThan(2);
        });
        assertThat(container.getPorts()).filteredOn(port -> port.getName().equals("management")).singleElement()
                .satisfies(port -> assertThat(port.getContainerPort()).isEqualTo(9000));
        assertThat(container.getStartupProbe().getPeriodSeconds() * container.getStartupProbe().getFailureThreshold())
                .isEqualTo(60);
    }

    @Test
    void resources_are_requested_and_memory_is_limited() {
        var resources = container.getResources();

        assertThat(resources.getRequests()).isEqualTo(Map.of("cpu", new Quantity("100m"), "memory", new Quantity("512Mi")));
        assertThat(resources.getLimits()).isEqualTo(Map.of("memory", new Quantity("768Mi")));
    }

    @Test
    void image_is_the_version_that_this_project_builds() throws IOException {
        assertThat(container.getImage()).isEqualTo("certcourier:" + Pom.version());
    }

    @Test
    void rollout_keeps_both_pods_and_spreads_them() {
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
        assertThat(deployment.getSpec().getStrategy().getRollingUpdate().getMaxUnavailable().getIntVal()).isZero();
        assertThat(pod.getTopologySpreadConstraints()).extracting(spread -> spread.getTopologyKey())
                .containsExactlyInAnyOrder("topology.kubernetes.io/zone", "kubernetes.io/hostname");
        assertThat(pod.getTopologySpreadConstraints()).allSatisfy(spread -> assertThat(spread.getLabelSelector())
                .isEqualTo(deployment.getSpec().getSelector()));
    }

    @Test
    void service_has_time_to_finish_its_call_before_it_is_killed() {
        var shutdown = Duration.parse("PT" + settings.get("QUARKUS_SHUTDOWN_TIMEOUT"));

        assertThat(shutdown).isGreaterThan(Duration.ofSeconds(15)); // the default of certcourier.scm.call-deadline
        assertThat(shutdown).isLessThan(Duration.ofSeconds(pod.getTerminationGracePeriodSeconds()));
        assertThat(container.getLifecycle()).isNull();
    }

    @Test
    void each_variable_is_a_key_that_the_service_reads() {
        var variables = Stream.concat(settings.keySet().stream(), container.getEnv().stream().map(EnvVar::getName)).toList();

        assertThat(variables).isNotEmpty().doesNotHaveDuplicates().allMatch(ConfigurationKeys::read);
        assertThat(container.getEnvFrom()).singleElement()
                .satisfies(source -> assertThat(source.getConfigMapRef().getName()).isEqualTo("certcourier"));
    }

    @Test
    void secrets_are_named_and_never_contained() {
        assertThat(container.getEnv()).allSatisfy(variable -> {
            assertThat(variable.getValue()).as(variable.getName()).isNull();
            assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isIn("certcourier-scm", "certcourier-database");
        });
        assertThat(settings.keySet()).noneMatch(name -> name.matches(".*(PASSWORD|SECRET|TOKEN|ACCESS_KEY).*"));
    }

    @Test
    void key_files_that_the_configuration_names_are_mounted_from_the_keyset_secret() {
        var mount = container.getVolumeMounts().stream().filter(each -> each.getName().equals("keys")).findFirst()
                .orElseThrow();
        var secret = pod.getVolumes().stream().filter(each -> each.getName().equals("keys")).findFirst().orElseThrow()
                .getSecret();

        var mounted = secret.getItems().stream().map(item -> mount.getMountPath() + "/" + item.getPath());

        assertThat(secret.getSecretName()).isEqualTo("certcourier-keyset");
        assertThat(secret.getDefaultMode()).isEqualTo(0440);
        assertThat(mount.getReadOnly()).isTrue();
        assertThat(mounted).containsExactlyInAnyOrder(settings.get("CERTCOURIER_RENEWAL_KEYSET"),
                settings.get("CERTCOURIER_INTAKE_RECIPIENT_KEYS"));
    }
}
