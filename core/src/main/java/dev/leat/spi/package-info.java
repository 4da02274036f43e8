/**
 * What a provider of steps implements: {@link dev.leat.spi.BatchStep} and the facts it states about itself.
 *
 * <p>Steps state facts; the scheduler decides when, where and with which other items they run.
 */
@NullMarked
package dev.leat.spi;

import org.jspecify.annotations.NullMarked;
