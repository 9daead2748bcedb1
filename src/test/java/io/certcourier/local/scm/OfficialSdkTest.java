package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.core.auth.ICredential;
import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.exception.ServerResponseException;
import com.huaweicloud.sdk.scm.v3.ScmClient;
import com.huaweicloud.sdk.scm.v3.model.*;

/** The official client of Huawei Cloud runs every call of the emulator, and reads its answers and errors. */
class OfficialSdkTest {

    private static ScmEmulator emulator;
    private static ScmClient sdk;

    @BeforeAll
    static void start() {
        emulator = ScmEmulator.start(0);
        sdk = client(new GlobalCredentials().withAk(ScmEmulator.ACCESS_KEY).withSk(ScmEmulator.SECRET_KEY)
                .withDomainId(ScmEmulator.DOMAIN_ID));
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void reset() {
        emulator.reset();
    }

    @Test
    void imported_certificate_is_listed_and_shown_as_stored() {
        var issued = TestCertificates.CA.issue("www.example.com", "example.com", "*.example.com");

        var id = sdk.importCertificate(importOf("web-0001", issued)).getCertificateId();

        var page = sdk.listCertificates(new ListCertificatesRequest().withLimit(50).withOffset(0).withSortKey("certUpdateTime")
                .withSortDir("DESC").withStatus("UPLOAD").withEnterpriseProjectId("all").withDeploySupport(true)
                .withOwnedBySelf(true).withExpiredDaysSince(30));
        assertThat(page.getTotalCount()).isEqualTo(1);
        var listed = page.getCertificates().get(0);
        assertThat(listed.getId()).isEqualTo(id).matches("scs[0-9]{13}");
        assertThat(listed.getName()).isEqualTo("web-0001");
        assertThat(listed.getDomain()).isEqualTo("www.example.com");
        assertThat(listed.getSans()).isEqualTo("example.com;*.example.com");
        assertThat(listed.getStatus()).isEqualTo("UPLOAD");
        assertThat(listed.getDomainCount()).isEqualTo(3);
        assertThat(listed.getWildcardCount()).isEqualTo(1);
        assertThat(listed.getDomainId()).isEqualTo(ScmEmulator.DOMAIN_ID);
        assertThat(listed.getExpireTime()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.0");

        var shown = sdk.showCertificate(new ShowCertificateRequest().withCertificateId(id));
        assertThat(shown.getFingerprint()).isEqualTo(LedgerTest.sha1(issued));
        assertThat(shown.getStatus()).isEqualTo("UPLOAD");
        assertThat(shown.getPushSupport()).isEqualTo("ON");
        assertThat(shown.getDomainCount()).isEqualTo(3);
        assertThat(shown.getNotAfter()).isEqualTo(listed.getExpireTime());
    }

    @Test
    void pushes_copy_to_each_target_and_batch_push_tells_the_ids() {
        var id = imported("web-0001");

        sdk.pushCertificate(pushOf(id, "CDN", ""));
        sdk.pushCertificate(pushOf(id, "waf", "cn-east-3"));
        var results = sdk.batchPushCertificate(new BatchPushCertificateRequest().withCertificateId(id)
                .withBody(new BatchPushCertificateRequestBody().withTargetService("ELB")
                        .withTargetProjects(List.of("cn-north-4", "nowhere-1"))))
                .getResults();

        assertThat(emulator.ledger().targetsReached(id)).isEqualTo(Set.of("CDN", "WAF@cn-east-3", "ELB@cn-north-4"));
        assertThat(results.get(0).getProjectName()).isEqualTo("cn-north-4");
        assertThat(results.get(0).getCertId())
                .isEqualTo(emulator.account().copies(Service.ELB, "cn-north-4").get(0).id());
        assertThat(results.get(0).getMessage()).isEqualTo("success");
        assertThat(results.get(1).getCertId()).isEmpty();
        assertThat(results.get(1).getMessage()).isEqualTo("Invalid region id.");
    }

    @Test
    void export_gives_back_what_was_imported() {
        var issued = TestCertificates.CA.issue("www.example.com");
        var id = sdk.importCertificate(importOf("web-0001", issued)).getCertificateId();

        var exported = sdk.exportCertificate(new ExportCertificateRequest().withCertificateId(id));

        assertThat(exported.getCertificate()).isEqualTo(issued.certificate());
        assertThat(exported.getCertificateChain()).isEqualTo(issued.chain());
        assertThat(exported.getEntireCertificate()).isEqualTo(issued.certificate() + "\n" + issued.chain());
        assertThat(exported.getPrivateKey()).isEqualTo(issued.privateKey());
    }

    @Test
    void deploy_binds_known_resources_costs_money_and_is_counted() {
        var id = imported("web-0001");
        sdk.pushCertificate(pushOf(id, "ELB", "cn-north-4"));
        var copy = emulator.account().copies(Service.ELB, "cn-north-4").get(0).id();

        var failures = sdk.deployCertificate(new DeployCertificateRequest().withCertificateId(id)
                .withBody(new DeployCertificateRequestBody().withServiceName("ELB").withProjectName("cn-north-4")
                        .withResources(List.of(new DeployedResource().withId(copy), new DeployedResource().withId("unknown")))))
                .getFailureList();
        sdk.deployCertificate(new DeployCertificateRequest().withCertificateId(id).withBody(new DeployCertificateRequestBody()
                .withServiceName("CDN").withResources(List.of(new DeployedResource().withDomainName("web-0001.example")))));

        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.getResource()).isEqualTo("unknown");
            assertThat(failure.getFailureInfo()).startsWith("ELB.8904");
        });
        assertThat(emulator.account().charges()).isEqualTo(60);
        var result = sdk.listDeployedResources(new ListDeployedResourcesRequest().withBody(
                new ListDeployedResourcesRequestBody().withCertificateIds(List.of(id)).withServiceNames(List.of("ALL"))))
                .getResults().get(0);
        assertThat(result.getTotalNum()).isEqualTo(2);
        assertThat(result.getDeployedResources()).extracting(DeployedResourceDetail::getService).containsExactly("CDN", "ELB");
        var inElb = result.getDeployedResources().get(1).getRegionResources().get(0);
        assertThat(inElb.getRegionId()).isEqualTo("cn-north-4");
        assertThat(inElb.getIsError()).isFalse();
        assertThat(inElb.getResources().get(0).getResourceId()).isEqualTo(copy);
    }

    @Test
    void deleted_certificate_is_gone_but_its_copies_stay() {
        var id = imported("web-0001");
        sdk.pushCertificate(pushOf(id, "WAF", "cn-north-4"));

        sdk.deleteCertificate(new DeleteCertificateRequest().withCertificateId(id));

        var gone = catchThrowableOfType(ClientRequestException.class,
                () -> sdk.showCertificate(new ShowCertificateRequest().withCertificateId(id)));
        assertThat(gone.getHttpStatusCode()).isEqualTo(404);
        assertThat(emulator.account().copies(Service.WAF, "cn-north-4")).hasSize(1);
    }

    @Test
    void basic_and_temporary_credentials_are_accepted() {
        emulator.addAccount(
                new EmulatedAccount("sdk-temporary", "d3", Set.of()).withTemporaryKey("AKSDKTEMPORARY", "SKsdk", "token+/="));
        var basic = client(new BasicCredentials().withAk(ScmEmulator.ACCESS_KEY).withSk(ScmEmulator.SECRET_KEY)
                .withProjectId("fedcba9876543210fedcba9876543210"));
        var temporary = client(new GlobalCredentials().withAk("AKSDKTEMPORARY").withSk("SKsdk").withSecurityToken("token+/="));

        assertThat(basic.listCertificates(new ListCertificatesRequest()).getTotalCount()).isZero();
        assertThat(temporary.listCertificates(new ListCertificatesRequest()).getTotalCount()).isZero();
    }

    @Test
    void refusals_are_read_with_status_code_text_and_request_id() {
        var body = importOf("web-0001", TestCertificates.CA.issue("a.example"));
        body.getBody().setPrivateKey(TestCertificates.CA.issue("b.example").privateKey());

        var refused = catchThrowableOfType(ClientRequestException.class, () -> sdk.importCertificate(body));

        assertThat(refused.getHttpStatusCode()).isEqualTo(400);
        assertThat(refused.getErrorCode()).isEqualTo("SCM.0014");
        assertThat(refused.getErrorMsg()).contains("do not belong together");
        assertThat(refused.getRequestId()).isEqualTo(emulator.ledger().last().requestId()).hasSize(32);
    }

    @Test
    void gateway_refusals_and_server_errors_are_read_too() {
        emulator.faults().add(Fault.of(FaultKind.THROTTLED),
                Fault.of(FaultKind.STATUS).with("status", 502).with("body", "html"));

        var throttled = catchThrowableOfType(ClientRequestException.class,
                () -> sdk.listCertificates(new ListCertificatesRequest()));
        var broken = catchThrowableOfType(ServerResponseException.class,
                () -> sdk.listCertificates(new ListCertificatesRequest()));

        assertThat(throttled.getErrorCode()).isEqualTo("APIGW.0308");
        assertThat(throttled.getErrorMsg()).contains("policy user over ratelimit,limit:20,time:1 minute");
        assertThat(broken.getHttpStatusCode()).isEqualTo(502);
    }

    @Test
    void error_without_content_type_loses_status_and_code_in_the_sdk() {
        emulator.faults().add(Fault.of(FaultKind.MISSING_CONTENT_TYPE).on(Operation.SHOW));

        var lost = catchThrowableOfType(SdkException.class,
                () -> sdk.showCertificate(new ShowCertificateRequest().withCertificateId("scs1")));

        assertThat(lost).isNotInstanceOf(ClientRequestException.class);
    }

    /** The emulator leaves buying, applying and signing requests out; the gateway then knows no such API. */
    @Test
    void operations_outside_the_mission_are_no_api() {
        Map<String, Consumer<ScmClient>> calls = Map.of("apply",
                client -> client.applyCertificate(
                        new ApplyCertificateRequest().withCertificateId("scs1").withBody(new ApplyCertificateRequestBody())),
                "cancel",
                client -> client.cancelCertificateRequest(new CancelCertificateRequestRequest().withCertificateId("scs1")),
                "buy",
                client -> client
                        .subscribeCertificate(new SubscribeCertificateRequest().withBody(new PurchaseCertificateRequestBody())),
                "unsubscribe", client -> client.unsubscribeCertificate(new UnsubscribeCertificateRequest().withCertId("scs1")),
                "csr list", client -> client.listCsr(new ListCsrRequest()), "csr key",
                client -> client.showCsrPrivateKey(new ShowCsrPrivateKeyRequest().withId("1")));

        calls.forEach((name, call) -> {
            var refused = catchThrowableOfType(ClientRequestException.class, () -> call.accept(sdk));
            assertThat(refused.getErrorCode()).as(name).isEqualTo("APIGW.0101");
        });
    }

    private static String imported(String name) {
        return sdk.importCertificate(importOf(name, TestCertificates.CA.issue(name + ".example"))).getCertificateId();
    }

    private static ImportCertificateRequest importOf(String name, TestCertificates.Issued issued) {
        return new ImportCertificateRequest().withBody(new ImportCertificateRequestBody().withName(name)
                .withCertificate(issued.certificate()).withCertificateChain(issued.chain())
                .withPrivateKey(issued.privateKey()).withDuplicateCheck(false).withEnterpriseProjectId("0"));
    }

    private static PushCertificateRequest pushOf(String id, String service, String project) {
        return new PushCertificateRequest().withCertificateId(id)
                .withBody(new PushCertificateRequestBody().withTargetService(service).withTargetProject(project));
    }

    private static ScmClient client(ICredential credentials) {
        return ScmClient.newBuilder().withCredential(credentials).withEndpoints(List.of("http://127.0.0.1:" + emulator.port()))
                .build();
    }
}
