/** Huawei SCM: requests, signature, error codes, call budget. Knows nothing of renewals. */
package io.certcourier.scm;
