package io.certcourier.local.scm;

import io.vertx.core.json.JsonObject;

/**
 * What a call really changed, whatever its answer said.
 *
 * @param target {@code CDN} or {@code ELB@cn-north-4}; empty where no target is concerned
 * @param id the certificate created or deleted, the copy made, the resource bound
 */
public record Effect(Kind kind, String target, String id) {

    /** UNCHANGED is a push that found its copy already there. */
    public enum Kind {
        CREATED,
        DELETED,
        PUSHED,
        UNCHANGED,
        DEPLOYED
    }

    static Effect of(Kind kind, String id) {
        return new Effect(kind, "", id);
    }

    JsonObject toJson() {
        return new JsonObject().put("kind", kind.name()).put("target", target).put("id", id);
    }
}
