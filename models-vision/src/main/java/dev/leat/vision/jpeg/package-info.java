/** JPEG to samples, at full size or smaller. */
@NullMarked
package dev.leat.vision.jpeg;

import org.jspecify.annotations.NullMarked;
