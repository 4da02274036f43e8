/** Entities: names by a head on token states, patterns by rules, redaction of both. */
@NullMarked
package dev.leat.text.entity;

import org.jspecify.annotations.NullMarked;
