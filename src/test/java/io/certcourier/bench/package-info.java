/** How fast the service is, next to the least that could do its work and to what people would write; see docs/benchmarks.md. */
package io.certcourier.bench;
