/** The quick start: a text handler and a picture handler, each a page long. */
@org.jspecify.annotations.NullMarked
package dev.leat.examples.quickstart;
