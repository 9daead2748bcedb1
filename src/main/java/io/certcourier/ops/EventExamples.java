package io.certcourier.ops;

/** Bodies for the API's description; PEM and JWE stand for what would be there. */
final class EventExamples {

    static final String DATA = """
            {"certificateName":"www.example.com","certificatePem":"<leaf and chain, PEM>","privateKeyJwe":"<compact JWE>",
             "account":"production","targets":[{"service":"CDN"},{"service":"ELB","project":"cn-north-4"}]}""";

    static final String STRUCTURED = """
            {"specversion":"1.0","type":"io.certcourier.certificate.renewed.v1","source":"urn:example:ca","id":"4711",
             "subject":"www.example.com",
             "data":{"certificateName":"www.example.com","certificatePem":"<leaf and chain, PEM>","privateKeyJwe":"<compact JWE>",
              "account":"production","targets":[{"service":"CDN"},{"service":"ELB","project":"cn-north-4"}],
              "idempotencyKey":"www.example.com-2026-11-24"}}""";

    static final String REFUSED = """
            {"type":"/problems/key-mismatch","title":"The private key does not belong to the leaf.","status":422,
             "detail":"The private key does not belong to the leaf.","instance":"/v1/renewals/1b0da683-f227-8c7a-a3c3-191f74eea9bc",
             "reasonCode":"KEY_MISMATCH","remedy":"FIX_CERTIFICATE","help":"docs/errors.md#key-mismatch"}""";

    private EventExamples() {
    }
}
