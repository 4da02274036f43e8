/** Whether a picture is fit to be shown: open_nsfw. */
@NullMarked
package dev.leat.vision.moderate;

import org.jspecify.annotations.NullMarked;
