/** Keywords from the vectors of sentences and of phrases in them. */
@NullMarked
package dev.leat.text.keyword;

import org.jspecify.annotations.NullMarked;
