/** The words the rest is written in: certificate bundle, key bytes, target. Imports only the JDK. */
package io.certcourier.certificate;
