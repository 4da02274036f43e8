/** From a picture's bytes to pixels that all picture stages share; resampling. */
@NullMarked
package dev.leat.vision.image;

import org.jspecify.annotations.NullMarked;
