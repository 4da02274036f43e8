/** Picture stages and the values that they give. */
@NullMarked
package dev.leat.vision;

import org.jspecify.annotations.NullMarked;
