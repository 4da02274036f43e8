/** JMH benchmarks; {@code benchmarks/README.md} says how they are run. */
@NullMarked
package dev.leat.benchmarks;

import org.jspecify.annotations.NullMarked;
