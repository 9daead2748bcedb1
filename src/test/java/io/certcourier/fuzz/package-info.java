/** Feeds parsers with damaged input: briefly in every build, and by a coverage-guided fuzzer under {@code mvn -Pfuzz test}. */
package io.certcourier.fuzz;
