/** A version meets what an older one left behind: its schema, its rows, its configuration. */
package io.certcourier.upgrade;
