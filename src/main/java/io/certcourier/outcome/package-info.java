/**
 * Events out, by outbox: the outcome of a renewal and the dead letter of a refused record. Plain values only, because it is the
 * wire contract; and what goes along with an event everywhere: its trace, and the keys of its log lines.
 */
package io.certcourier.outcome;
