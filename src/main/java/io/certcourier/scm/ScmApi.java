package io.certcourier.scm;

import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;

/**
 * SCM's API, v3, as SCM spells it. Bodies are bytes both ways: what is signed is what is sent, and an answer is read by us, so
 * that no library decides what an odd one means. Every status is an answer; the Uni fails only if none came.
 */
@Path("/v3/scm/certificates")
@Consumes(MediaType.APPLICATION_JSON)
interface ScmApi {

    /** @param body see {@link ImportBody} */
    @POST
    @Path("import")
    Uni<Response> importCertificate(byte[] body);

    /** @param content keyword on name or domain; null for all */
    @GET
    Uni<Response> list(@QueryParam("limit") int limit, @QueryParam("offset") int offset,
            @QueryParam("sort_key") String sortKey, @QueryParam("sort_dir") String sortDir,
            @QueryParam("content") String content);

    @GET
    @Path("{id}")
    Uni<Response> show(@PathParam("id") String id);

    /** @param body {@link Push} */
    @POST
    @Path("{id}/push")
    Uni<Response> push(@PathParam("id") String id, byte[] body);

    /** @param body {@link BatchPush} */
    @POST
    @Path("{id}/batch-push")
    Uni<Response> batchPush(@PathParam("id") String id, byte[] body);

    /** @param target_project empty for CDN */
    record Push(String target_project, String target_service) {
    }

    /** @param target_projects 1 to 10, each of at most 32 characters */
    record BatchPush(List<String> target_projects, String target_service) {
    }

    record Imported(String certificate_id) {
    }

    record Listing(List<Listed> certificates, Integer total_count) {
        record Listed(String id, String name, String status) {
        }
    }

    record Shown(String id, String name, String status, String fingerprint) {
    }

    record BatchPushed(List<Item> results) {
        /** @param cert_id the copy in the target service; empty or null if this project failed, although the status is 200 */
        record Item(String project_name, String cert_id, String message) {
        }
    }
}
