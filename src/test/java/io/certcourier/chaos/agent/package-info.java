/**
 * A Java agent that strikes the packaged service at one instruction. The service itself has no hook and knows nothing of it.
 */
package io.certcourier.chaos.agent;
