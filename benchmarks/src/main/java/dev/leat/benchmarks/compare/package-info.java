/**
 * Leat measured against the libraries that a JVM team would else take: every one in a JVM of its own, all in one run, in
 * rounds and rotating order. {@code Compare} measures, {@code Report} writes {@code docs/performance.md} from the results.
 */
@NullMarked
package dev.leat.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
