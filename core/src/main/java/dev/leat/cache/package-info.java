/** Results kept for callers that come again: small values of shared steps, weighed in bytes, never inputs. */
@NullMarked
package dev.leat.cache;

import org.jspecify.annotations.NullMarked;
