/** A runtime's figures as Micrometer meters; loaded only when named, so that Micrometer is not needed otherwise. */
@NullMarked
package dev.leat.micrometer;

import org.jspecify.annotations.NullMarked;
