/** Producers in deploy/bridges, run as their users run them. */
package io.certcourier.bridge;
