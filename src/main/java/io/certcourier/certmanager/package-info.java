/** Finds the certificates that cert-manager has put into Secrets, and hands them to intake. Off unless it is switched on. */
package io.certcourier.certmanager;
