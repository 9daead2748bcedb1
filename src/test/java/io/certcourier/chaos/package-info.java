/** The packaged service under fire: processes killed, stopped and cut off, and invariants checked from outside. */
package io.certcourier.chaos;
