/**
 * What developers and tests run against, without Docker: a real broker, a real database, the SCM emulator and faults between
 * them. Never part of the jar, and imports nothing of the product, so that a shared mistake cannot hide itself.
 */
package io.certcourier.local;
