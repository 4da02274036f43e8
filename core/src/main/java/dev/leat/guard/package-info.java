/** Checks and cleans inputs before any work is done on them. */
@NullMarked
package dev.leat.guard;

import org.jspecify.annotations.NullMarked;
