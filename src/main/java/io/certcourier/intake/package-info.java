/** One record becomes one stored renewal or one recorded refusal, then the acknowledgement. */
package io.certcourier.intake;
