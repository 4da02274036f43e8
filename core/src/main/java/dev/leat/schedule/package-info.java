/** Decides when heavy work runs and on which threads. */
@NullMarked
package dev.leat.schedule;

import org.jspecify.annotations.NullMarked;
