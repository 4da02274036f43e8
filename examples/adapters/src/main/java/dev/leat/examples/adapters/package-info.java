/** Leat as the embedding model of other projects: one short class each, to be copied. */
@org.jspecify.annotations.NullMarked
package dev.leat.examples.adapters;
