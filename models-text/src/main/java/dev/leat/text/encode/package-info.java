/** From a text to the hidden states that all text stages share: tokenizer, windows, encoder. */
@NullMarked
package dev.leat.text.encode;

import org.jspecify.annotations.NullMarked;
