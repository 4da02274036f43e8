/** Heads and prototypes on the encoder's states: sentiment, moderation scores, topics. */
@NullMarked
package dev.leat.text.classify;

import org.jspecify.annotations.NullMarked;
