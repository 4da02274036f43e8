/** Text recognition compared with its peers on pictures whose text is known. */
@NullMarked
package dev.leat.benchmarks.ocr;

import org.jspecify.annotations.NullMarked;
