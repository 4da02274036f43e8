package dev.leat.vision.ocr;

import dev.leat.CancelledException;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a part to what they say, one after the other.
 *
 * @param recogniser reads them
 * @param part this one, from 0
 * @param parts how many there are
 */
record Read(Recogniser recogniser, int part, int parts) implements BatchStep<Found, Readings> {

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("read", "pixels", recogniser.model()).asResult();
    }

    @Override
    public long cost(Found item) {
        return 1 + item.area() / parts;
    }

    @Override
    public long weightBytes(Readings value) {
        return 128
                + value.pieces().stream()
                        .mapToLong(piece -> 256 + 96L * piece.reading().words().size())
                        .sum();
    }

    @Override
    public List<Readings> run(List<Found> items, RunScope scope) {
        List<Readings> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Found found = items.get(i);
            List<Readings.Piece> pieces = new ArrayList<>();
            for (int index : found.part(part, parts)) {
                if (scope.isCancelled()) {
                    throw new CancelledException("A text recognition was cancelled");
                }
                Quad quad = found.quads().get(index);
                Reading reading = recogniser.read(found.picture(), quad, scope);
                if (recogniser.isText(reading)) {
                    pieces.add(new Readings.Piece(index, quad.moved(found.left(), found.top()), reading));
                }
            }
            scope.note(i, "lines", pieces.size());
            all.add(new Readings(found.width(), found.height(), pieces));
        }
        return all;
    }
}
