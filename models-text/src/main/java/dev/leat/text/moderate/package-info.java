/** Rules that find profanity, contact data and secrets. */
@NullMarked
package dev.leat.text.moderate;

import org.jspecify.annotations.NullMarked;
