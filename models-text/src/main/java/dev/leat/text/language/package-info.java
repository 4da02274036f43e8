/** Telling languages apart, by Apache OpenNLP; its classes are loaded with the first model that is opened. */
@NullMarked
package dev.leat.text.language;

import org.jspecify.annotations.NullMarked;
