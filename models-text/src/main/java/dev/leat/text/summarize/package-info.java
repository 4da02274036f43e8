/** Extractive summaries over sentence vectors. */
@NullMarked
package dev.leat.text.summarize;

import org.jspecify.annotations.NullMarked;
