package dev.leat.vision.image;

import dev.leat.InvalidInputException;
import dev.leat.Stage;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A picture's bytes to its pixels: the step that all picture stages share.
 *
 * <p>A JPEG may be decoded smaller: to 1/2, 1/4 or 1/8, the least of them whose shorter side still has
 * {@code shortSide} pixels. Faults that were passed over are noted as {@code warnings}, the denominator as
 * {@code scale}, what EXIF demanded as {@code orientation}.
 *
 * @param shortSide how many pixels the shorter side keeps at least, {@link #FULL} for all
 * @param strict true if a picture with any fault is refused
 */
public record Decode(int shortSide, boolean strict) implements BatchStep<Image, Pixels> {

    /** A shorter side that no picture has: nothing is decoded smaller. */
    public static final int FULL = Integer.MAX_VALUE;

    /** The most pixels that are decoded where no guard allows fewer; as many as Pillow's last warning. */
    private static final long MAX_PIXELS = 178_956_970;

    private static final int MAX_DENOMINATOR = 8;

    /** Decodes at full size, passing over small faults. */
    public Decode() {
        this(FULL, false);
    }

    /** Checks the components. */
    public Decode {
        if (shortSide < 1) {
            throw new IllegalArgumentException("shortSide must be at least 1, was " + shortSide);
        }
    }

    /**
     * Returns the stage that decodes pictures of which a smaller copy is enough.
     *
     * <p>A picture that cannot be made smaller goes to the same node as one that is wanted whole, so that stages which
     * need different sizes share the decoding of small pictures. Which way it goes depends on the picture alone.
     *
     * @param shortSide how many pixels the shorter side keeps at least
     * @param strict true if a picture with any fault is refused
     * @return a stage
     */
    public static Stage<Image, Pixels> atLeast(int shortSide, boolean strict) {
        return bySize(shortSide, Stage.of(new Decode(shortSide, strict)), Stage.of(new Decode(FULL, strict)));
    }

    /**
     * Returns the stage that does one thing with pictures of which a smaller copy is to be had, another with the rest.
     *
     * @param shortSide how many pixels the shorter side keeps at least
     * @param smaller for JPEGs that can be decoded smaller
     * @param whole for all others
     * @param <O> what both give
     * @return a stage
     */
    public static <O> Stage<Image, O> bySize(int shortSide, Stage<Image, O> smaller, Stage<Image, O> whole) {
        return Stage.<Image, O>route("smaller", new CanBeSmaller(shortSide), smaller)
                .otherwise(whole);
    }

    /** Whether a picture is a JPEG that can be decoded smaller; a record, so that equal stages are one node. */
    private record CanBeSmaller(int shortSide) implements Predicate<Image> {
        @Override
        public boolean test(Image image) {
            try {
                return denominator(Header.read(image), shortSide) > 1;
            } catch (InvalidInputException e) {
                return false; // decoding will say what is wrong
            }
        }
    }

    private static int denominator(Header header, int shortSide) {
        int denominator = 1;
        if (header.format() == Header.Format.JPEG) {
            int shorter = Math.min(header.width(), header.height());
            while (denominator < MAX_DENOMINATOR && shorter / (2 * denominator) >= shortSide) {
                denominator *= 2;
            }
        }
        return denominator;
    }

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("decode", "bytes");
    }

    @Override
    public long cost(Image item) {
        return Math.max(1, item.size());
    }

    @Override
    public List<Pixels> run(List<Image> items, RunScope scope) {
        List<Pixels> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            long start = System.nanoTime();
            all.add(decode(items.get(i), i, scope));
            scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
        }
        return all;
    }

    private Pixels decode(Image image, int item, RunScope scope) {
        Header header = Header.read(image);
        if (header.pixels() > MAX_PIXELS) {
            throw new InvalidInputException(
                    "too-many-pixels",
                    "The picture has " + header.pixels() + " pixels, no more than " + MAX_PIXELS
                            + " are ever decoded; make it smaller");
        }
        int denominator = denominator(header, shortSide);
        Decoder.Decoded decoded = Decoder.decode(image, header, denominator, scope::isCancelled);
        if (decoded.warnings() > 0) {
            if (strict) {
                throw new InvalidInputException(
                        "damaged",
                        "The picture has " + decoded.warnings()
                                + " faults; fetch or save it again, or decode without strictness");
            }
            scope.note(item, "warnings", decoded.warnings());
        }
        scope.note(item, "pixels", header.pixels());
        if (denominator > 1) {
            scope.note(item, "scale", denominator);
        }
        if (header.orientation() == 1) {
            return decoded.pixels();
        }
        scope.note(item, "orientation", header.orientation());
        return Orientation.upright(decoded.pixels(), header.orientation());
    }
}
