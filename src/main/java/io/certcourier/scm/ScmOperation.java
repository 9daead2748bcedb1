package io.certcourier.scm;

/** The SCM operations we call, each with a call budget of its own. */
public enum ScmOperation {
    IMPORT("import"),
    LIST("list"),
    SHOW("show"),
    PUSH("push"),
    BATCH_PUSH("batch-push");

    private final String label;

    ScmOperation(String label) {
        this.label = label;
    }

    /** The word used in the database, configuration, events and metrics: {@code batch-push}. */
    public String label() {
        return label;
    }
}
