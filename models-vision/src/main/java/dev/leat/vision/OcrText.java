package dev.leat.vision;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The text in a picture; immutable.
 *
 * @param paragraphs in reading order: column by column, from top to bottom; none if there is no text
 * @param rotation by how many degrees clockwise the page must be turned to be read: 0, 90, 180 or 270
 * @param width pixels of the upright picture, which all boxes lie in
 * @param height pixels of the upright picture
 */
public record OcrText(List<OcrParagraph> paragraphs, int rotation, int width, int height) {

    /** Copies the paragraphs. */
    public OcrText {
        paragraphs = List.copyOf(paragraphs);
        if (rotation % 90 != 0 || rotation < 0 || rotation > 270) {
            throw new IllegalArgumentException("rotation is 0, 90, 180 or 270, was " + rotation);
        }
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a picture has pixels, got " + width + " x " + height);
        }
    }

    /**
     * Returns the lines' texts, joined by newlines.
     *
     * @return empty if there is no text
     */
    public String text() {
        return lines().stream().map(OcrLine::text).collect(Collectors.joining("\n"));
    }

    /**
     * Returns the lines of all paragraphs.
     *
     * @return in reading order
     */
    public List<OcrLine> lines() {
        return paragraphs.stream()
                .flatMap(paragraph -> paragraph.lines().stream())
                .toList();
    }

    /**
     * Returns the words of all lines.
     *
     * @return in reading order
     */
    public List<OcrWord> words() {
        return lines().stream().flatMap(line -> line.words().stream()).toList();
    }

    /**
     * Returns a document in hOCR 1.2, the form in which OCR programs exchange pages: {@code ocr_page}, {@code ocr_par},
     * {@code ocr_line} and {@code ocrx_word} with upright boxes and confidences of 0 to 100.
     *
     * @return XHTML, UTF-8
     */
    public String toHocr() {
        return OcrForms.hocr(this);
    }

    /**
     * Returns the same as JSON: {@code width}, {@code height}, {@code rotation}, {@code paragraphs} of {@code lines} of
     * {@code words}, each line and word with {@code text}, {@code score} and {@code box} (four corners of x and y).
     *
     * @return one JSON object, ASCII only
     */
    public String toJson() {
        return OcrForms.json(this);
    }

    /** Returns the number of lines: a text is private. */
    @Override
    public String toString() {
        return "OcrText[" + lines().size() + " lines]";
    }
}
