/** Bounded context of a stream of inputs, such as one user's messages, that stages may read. */
@NullMarked
package dev.leat.session;

import org.jspecify.annotations.NullMarked;
