/** The renewal: one row that is state and queue entry, and the saga that brings it to its outcome. */
package io.certcourier.renewal;
