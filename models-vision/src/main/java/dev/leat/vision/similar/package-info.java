/** What tells whether two pictures are copies of each other. */
@NullMarked
package dev.leat.vision.similar;

import org.jspecify.annotations.NullMarked;
