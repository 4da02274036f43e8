/**
 * The half of the comparison that every library runs in a JVM of its own, with its own class path: a contestant, and the
 * worker that makes it work on orders from standard input.
 */
@NullMarked
package dev.leat.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
