/**
 * Events out, by outbox: the outcome of a renewal and the dead letter of a refused record. Plain values only, because it is the
 * wire contract.
 */
package io.certcourier.outcome;
