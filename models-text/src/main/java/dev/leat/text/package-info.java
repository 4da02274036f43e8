/** Text stages and the values that they give. */
@NullMarked
package dev.leat.text;

import org.jspecify.annotations.NullMarked;
