package dev.leat.vision.ocr;

import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.vision.OcrOptions;
import dev.leat.vision.OcrText;
import dev.leat.vision.image.Pixels;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Pixels to text: PP-OCRv4's detector, its recogniser for each box, then reading order. */
public final class Ocr {

    /**
     * Lines are read in so many parts, each a step of its own: a lone caller gets as many threads of the budget, and
     * between parts others have their turn. More would only add overhead on machines of few cores.
     */
    static final int PARTS = 4;

    private Ocr() {}

    /**
     * Describes the stage of two folders.
     *
     * @param detection with the detector
     * @param recognition with the recogniser
     * @param options what to read and how
     * @return the stage
     */
    public static Stage<Pixels, OcrText> stage(ModelFolder detection, ModelFolder recognition, OcrOptions options) {
        return readings(detection, recognition, options, PARTS).map(Arrange.IN_READING_ORDER);
    }

    static Stage<Pixels, Readings> readings(
            ModelFolder detection, ModelFolder recognition, OcrOptions options, int parts) {
        Stage<Pixels, Found> found = Stage.of(new Detect(Detector.of(detection, options.maxSide()), options.region()));
        Recogniser recogniser = Recogniser.of(recognition, options);
        Stage<Found, Readings> read = Stage.of(new Read(recogniser, 0, parts));
        for (int part = 1; part < parts; part++) {
            read = Stage.combine("lines", read, Stage.of(new Read(recogniser, part, parts)), Join.OF_PARTS);
        }
        return found.then(read);
    }

    /** Puts parts together; an enum has the equality that makes two such stages one. */
    enum Join implements BiFunction<Readings, Readings, Readings> {
        OF_PARTS;

        @Override
        public Readings apply(Readings first, Readings second) {
            return first.and(second);
        }
    }

    enum Arrange implements Function<Readings, OcrText> {
        IN_READING_ORDER;

        @Override
        public OcrText apply(Readings readings) {
            return Layout.arrange(readings);
        }
    }
}
