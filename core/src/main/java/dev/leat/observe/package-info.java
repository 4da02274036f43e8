/** What happens inside a runtime, for those who watch it: one record for each node execution, never content. */
@NullMarked
package dev.leat.observe;

import org.jspecify.annotations.NullMarked;
