package io.certcourier.certmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.fabric8.kubernetes.client.KubernetesClientException;

class ClusterTroubleTest {

    private static final String WHAT = "watching Secrets in namespace shop";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | forbidden: apply deploy/kubernetes/components/cert-manager
            403 | or for `*` a ClusterRoleBinding
            401 | valid token
            404 | is cert-manager installed
            500 | answers 500
            """)
    void an_answer_is_told_with_its_remedy_and_without_its_text(int code, String told) {
        var failure = new KubernetesClientException("text of the server", code, null);

        assertThat(ClusterTrouble.sentence(new IllegalStateException(failure), WHAT)).startsWith(WHAT).contains(told)
                .doesNotContain("text of the server");
    }

    @Test
    void a_server_that_is_away_is_told_by_the_types_of_the_failure() {
        var failure = new KubernetesClientException("http://10.0.0.1", new ConnectException("refused"));

        assertThat(ClusterTrouble.sentence(failure, WHAT)).contains("cannot be reached", "ConnectException")
                .doesNotContain("10.0.0.1");
    }

    @Test
    void the_remedy_is_there() {
        assertThat(Files.isDirectory(Path.of("deploy/kubernetes/components/cert-manager"))).isTrue();
    }

    @Test
    void a_bug_is_told_by_types_and_place_also_if_the_jvm_gives_it_none() {
        var bug = new IllegalStateException("text", new NullPointerException("more text"));
        var bare = new NullPointerException("text");
        bare.setStackTrace(new StackTraceElement[0]);

        assertThat(ClusterTrouble.namesAndPlace(bug)).startsWith("IllegalStateException, NullPointerException at ")
                .contains("ClusterTroubleTest").doesNotContain("text");
        assertThat(ClusterTrouble.namesAndPlace(bare)).isEqualTo("NullPointerException");
    }
}
