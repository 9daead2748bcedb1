/**
 * The SCM emulator: Huawei Cloud's certificate manager as far as it is documented, on loopback, with faults on demand and a
 * ledger.
 * Imports nothing of the service's own code: a mistake shared by client and emulator would hide itself.
 */
package io.certcourier.local.scm;
