package io.certcourier.scm;

/** The SCM operations we call, each with a call budget of its own. */
public enum ScmOperation {
    IMPORT("import", "POST /v3/scm/certificates/import"),
    LIST("list", "GET /v3/scm/certificates"),
    SHOW("show", "GET /v3/scm/certificates/{id}"),
    PUSH("push", "POST /v3/scm/certificates/{id}/push"),
    BATCH_PUSH("batch-push", "POST /v3/scm/certificates/{id}/batch-push");

    private final String label;
    private final String route;

    ScmOperation(String label, String route) {
        this.label = label;
        this.route = route;
    }

    /** The word used in the database, configuration, events and metrics: {@code batch-push}. */
    public String label() {
        return label;
    }

    /** Method and path, with names in place of ids. */
    public String route() {
        return route;
    }
}
