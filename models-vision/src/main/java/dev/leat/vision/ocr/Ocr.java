package dev.leat.vision.ocr;

import dev.leat.CancelledException;
import dev.leat.model.ModelFolder;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.OcrLine;
import dev.leat.vision.OcrText;
import dev.leat.vision.image.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Pixels to text: PP-OCRv4's detector, then its recogniser for each box. */
public final class Ocr implements BatchStep<Pixels, OcrText> {

    /** Pictures are made smaller until no side has more than this, as the reference does. */
    private static final int MAX_SIDE = 2000;

    private static final int MULTIPLE = 32;

    /** A picture flatter or lower than this gets black rows above and below, or the detector would not see it. */
    private static final int MAX_ASPECT = 8;

    private static final int MIN_HEIGHT = 30;

    /** A crop that is this much taller than wide is a line that runs upwards or downwards. */
    private static final double UPRIGHT_ASPECT = 1.5;

    private final Detector detector;
    private final Recogniser recogniser;

    private Ocr(Detector detector, Recogniser recogniser) {
        this.detector = detector;
        this.recogniser = recogniser;
    }

    /**
     * Describes the step of two folders.
     *
     * @param detection with the detector
     * @param recognition with the recogniser
     * @return the step
     */
    public static Ocr of(ModelFolder detection, ModelFolder recognition) {
        return new Ocr(Detector.of(detection), Recogniser.of(recognition));
    }

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("ocr", "pixels", detector.model(), recogniser.model())
                .asResult();
    }

    @Override
    public long cost(Pixels item) {
        return (long) item.width() * item.height();
    }

    @Override
    public long weightBytes(OcrText value) {
        return 128
                + value.lines().stream()
                        .mapToLong(line -> 256 + 4L * line.text().length())
                        .sum();
    }

    @Override
    public List<OcrText> run(List<Pixels> items, RunScope scope) {
        List<OcrText> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<OcrLine> lines = lines(items.get(i), scope);
            scope.note(i, "lines", lines.size());
            all.add(new OcrText(lines.stream().map(OcrLine::text).collect(Collectors.joining("\n")), lines));
        }
        return all;
    }

    private List<OcrLine> lines(Pixels picture, RunScope scope) {
        Pixels small = smaller(picture);
        boolean flat = small.height() <= MIN_HEIGHT || small.width() > MAX_ASPECT * small.height();
        int rows = flat ? Math.abs(Math.max(small.width() / MAX_ASPECT, MIN_HEIGHT) * 2 - small.height()) / 2 : 0;
        Pixels seen = rows == 0 ? small : Warp.letterboxed(small, rows);
        List<OcrLine> lines = new ArrayList<>();
        for (Quad quad : detector.detect(seen, scope)) {
            if (scope.isCancelled()) {
                throw new CancelledException("A text recognition was cancelled");
            }
            Recogniser.Reading reading = read(seen, quad, scope);
            if (recogniser.isText(reading)) {
                double scaleX = (double) picture.width() / small.width();
                double scaleY = (double) picture.height() / small.height();
                Quad own = quad.mapped(scaleX, scaleY, 0, -rows * scaleY, picture.width(), picture.height());
                lines.add(new OcrLine(reading.text(), reading.score(), own.box()));
            }
        }
        return lines;
    }

    private static Pixels smaller(Pixels picture) {
        int longer = Math.max(picture.width(), picture.height());
        if (longer <= MAX_SIDE) {
            return picture;
        }
        double ratio = (double) MAX_SIDE / longer;
        return Warp.resize(picture, multiple(picture.width() * ratio), multiple(picture.height() * ratio));
    }

    private static int multiple(double side) {
        return Math.max(MULTIPLE, (int) Math.rint((int) side / (double) MULTIPLE) * MULTIPLE);
    }

    /** A tall crop is a line that runs upwards or downwards: both turns are read, the likelier reading stays. */
    private Recogniser.Reading read(Pixels picture, Quad quad, RunScope scope) {
        int width = Math.max(1, (int) quad.width());
        int height = Math.max(1, (int) quad.height());
        Pixels line = Warp.crop(picture, quad, width, height);
        if (height < UPRIGHT_ASPECT * width) {
            return recogniser.read(line, scope);
        }
        Pixels left = Warp.turned(line);
        Recogniser.Reading downwards = recogniser.read(left, scope);
        Recogniser.Reading upwards = recogniser.read(Warp.turned(Warp.turned(left)), scope);
        return upwards.score() > downwards.score() ? upwards : downwards;
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Ocr that && detector.equals(that.detector) && recogniser.equals(that.recogniser);
    }

    @Override
    public int hashCode() {
        return 31 * detector.hashCode() + recogniser.hashCode();
    }
}
