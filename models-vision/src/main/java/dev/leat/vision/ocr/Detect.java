package dev.leat.vision.ocr;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.OcrOptions.Region;
import dev.leat.vision.image.Pixels;
import java.util.ArrayList;
import java.util.List;

/**
 * Pixels to the places of lines.
 *
 * @param detector finds them
 * @param region the part of the picture that is looked at
 */
record Detect(Detector detector, Region region) implements BatchStep<Pixels, Found> {

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("detect", "pixels", detector.model());
    }

    @Override
    public long cost(Pixels item) {
        return (long) item.width() * item.height();
    }

    @Override
    public List<Found> run(List<Pixels> items, RunScope scope) {
        List<Found> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Found found = found(items.get(i), scope);
            scope.note(i, "boxes", found.quads().size());
            all.add(found);
        }
        return all;
    }

    private Found found(Pixels page, RunScope scope) {
        int width = Math.min(region.width(), page.width() - region.x());
        int height = Math.min(region.height(), page.height() - region.y());
        if (width < 1 || height < 1) {
            return new Found(page, 0, 0, page.width(), page.height(), List.of());
        }
        boolean whole = width == page.width() && height == page.height();
        Pixels part = whole ? page : page.crop(region.x(), region.y(), width, height);
        return new Found(part, region.x(), region.y(), page.width(), page.height(), detector.detect(part, scope));
    }
}
