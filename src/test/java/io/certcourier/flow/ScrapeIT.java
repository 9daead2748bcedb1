package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.deploy.Boards;
import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** What a scrape of the running service holds: all that docs/metrics.md promises, and all that the dashboards ask for. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class ScrapeIT {

    private static final String OURS = "certcourier_";
    /**
     * Off unless certcourier.ops.certificates-shown or certcourier.cert-manager.enabled is set; CertManagerIT has the latter.
     */
    private static final Set<String> OFF = Set.of("certcourier_certificate_not_after_timestamp_seconds",
            "certcourier_certmanager_looks_total", "certcourier_certmanager_watching");
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)[{ ]");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\w+)");
    /** A histogram's series and its greatest value belong to the timer. */
    private static final String PARTS = "_(bucket|count|sum|max)$";

    @Started
    Flow flow;

    private static Set<String> scrape() {
        int port = ConfigProvider.getConfig().getValue("quarkus.management.test-port", int.class);
        String text = given().get("http://127.0.0.1:" + port + "/q/metrics").then().statusCode(200).extract().asString();
        return SERIES.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A delivery, a call of the API, and the first tally have been. */
    private Set<String> busyScrape() {
        var event = TestEvent.fresh("scraped");
        flow.send(event);
        flow.topics().await(event.renewalId());
        given().get("/v1/renewals").then().statusCode(200);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> scrape().contains("certcourier_renewals_open"));
        return scrape();
    }

    @Test
    void every_documented_meter_is_there_and_no_other_of_ours() throws IOException {
        var documented = DOCUMENTED.matcher(Files.readString(Path.of("docs/metrics.md"))).results()
                .map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
        documented.removeAll(OFF);
        // absent while no renewal is open
        var optional = Set.of("certcourier_renewals_deadline_headroom_seconds");

        var found = busyScrape().stream().filter(name -> name.startsWith(OURS))
                .map(name -> documented.contains(name) ? name : name.replaceAll(PARTS, ""))
                .collect(Collectors.toCollection(TreeSet::new));
        found.addAll(optional);

        assertThat(found).containsExactlyElementsOf(documented);
    }

    @Test
    void every_series_that_a_dashboard_asks_for_is_there() throws IOException {
        var asked = Boards.series();
        asked.removeAll(OFF);
        asked.remove("certcourier_renewals_deadline_headroom_seconds");

        assertThat(busyScrape()).containsAll(asked);
    }
}
