/** The renewal protocol as an explicit-state model: every interleaving of two workers, a looker, intake and SCM is visited. */
package io.certcourier.model;
