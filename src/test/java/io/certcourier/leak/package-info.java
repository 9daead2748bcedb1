/** Looks for private keys and credentials where none may be. */
package io.certcourier.leak;
