/**
 * What everybody names: pipelines, stages, results and errors.
 *
 * <p>A {@link dev.leat.Pipeline} is a set of {@link dev.leat.Stage}s compiled into one graph of steps, in which equal
 * steps on equal inputs are one node.
 */
@NullMarked
package dev.leat;

import org.jspecify.annotations.NullMarked;
