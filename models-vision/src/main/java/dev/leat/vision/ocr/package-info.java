/** Text in pictures: PP-OCRv4. */
@NullMarked
package dev.leat.vision.ocr;

import org.jspecify.annotations.NullMarked;
