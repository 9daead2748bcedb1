package io.certcourier.scm;

import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;

/** Signs every request of one account: the URI as it goes out, and the bytes that ScmApi was handed. */
final class SigningFilter implements ClientRequestFilter {

    private static final byte[] NO_BODY = {};

    private final ScmAccount account;

    SigningFilter(ScmAccount account) {
        this.account = account;
    }

    @Override
    public void filter(ClientRequestContext request) {
        byte[] body = request.hasEntity() ? (byte[]) request.getEntity() : NO_BODY;
        account.signedHeaders(request.getMethod(), request.getUri(), body)
                .forEach((name, value) -> request.getHeaders().putSingle(name, value));
    }
}
