package io.certcourier.scm;

/** Opens the HTTP client of an account: signs, follows no redirect, repeats nothing, logs nothing. */
interface ScmConnections {

    ScmApi open(ScmAccount account);
}
