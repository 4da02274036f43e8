package dev.leat.vision.image;

import dev.leat.InvalidInputException;
import dev.leat.Provenance.Origin;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.Image;
import java.util.ArrayList;
import java.util.List;

/** A picture's bytes to its pixels: the step that all picture stages share. */
public record Decode() implements BatchStep<Image, Pixels> {

    /** The most pixels that are decoded where no guard allows fewer; as many as Pillow's last warning. */
    private static final long MAX_PIXELS = 178_956_970;

    @Override
    public StepFacts facts() {
        return new StepFacts("decode", Origin.MODEL, StepFacts.Work.HEAVY, false, "bytes", 1, List.of(), false);
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
            Header header = Header.read(items.get(i));
            if (header.pixels() > MAX_PIXELS) {
                throw new InvalidInputException(
                        "too-many-pixels",
                        "The picture has " + header.pixels() + " pixels, no more than " + MAX_PIXELS
                                + " are ever decoded; make it smaller");
            }
            Pixels pixels = Decoder.decode(items.get(i), header);
            if (header.orientation() != 1) {
                pixels = Orientation.upright(pixels, header.orientation());
                scope.note(i, "orientation", header.orientation());
            }
            scope.note(i, "pixels", header.pixels());
            scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
            all.add(pixels);
        }
        return all;
    }
}
