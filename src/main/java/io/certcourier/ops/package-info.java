/** People and probes, looking in. Nobody imports it. */
package io.certcourier.ops;
