/** What is in a picture: EfficientNet-Lite. */
@NullMarked
package dev.leat.vision.classify;

import org.jspecify.annotations.NullMarked;
