package dev.leat.vision.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.vision.OcrText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {

    private final List<Readings.Piece> pieces = new ArrayList<>();

    private void add(String text, double left, double top, double width, double height) {
        Quad quad = new Quad(
                new double[] {left, left + width, left + width, left},
                new double[] {top, top, top + height, top + height});
        pieces.add(
                new Readings.Piece(pieces.size(), quad, new Reading(List.of(new Reading.Word(text, 1, 0, 1)), 1, 0)));
    }

    private OcrText arranged(double degrees) {
        double angle = Math.toRadians(degrees);
        List<Readings.Piece> turned = pieces.stream()
                .map(piece -> {
                    double[] x = new double[4];
                    double[] y = new double[4];
                    for (int i = 0; i < 4; i++) {
                        double u = piece.quad().x()[i] - 500;
                        double v = piece.quad().y()[i] - 500;
                        x[i] = 500 + u * Math.cos(angle) - v * Math.sin(angle);
                        y[i] = 500 + u * Math.sin(angle) + v * Math.cos(angle);
                    }
                    return new Readings.Piece(piece.index(), new Quad(x, y), piece.reading());
                })
                .toList();
        return Layout.arrange(new Readings(1000, 1000, turned));
    }

    @Test
    void arrange_receipt_readsAmountsWithTheirNames() {
        for (int i = 0; i < 6; i++) {
            add("item" + i, 50, 100 + 40 * i, 200, 24);
            add("amount" + i, 700, 103 + 40 * i, 90, 24);
        }
        for (double degrees : new double[] {-4, 0, 4}) {
            assertThat(arranged(degrees).text())
                    .isEqualTo("item0 amount0\nitem1 amount1\nitem2 amount2\nitem3 amount3\nitem4 amount4\n"
                            + "item5 amount5");
        }
    }

    @Test
    void arrange_twoColumnsOfProse_readsOneAfterTheOther() {
        add("title", 50, 20, 700, 40);
        for (int i = 0; i < 5; i++) {
            add("left" + i, 50, 100 + 40 * i, 400, 24);
            add("right" + i, 520, 110 + 40 * i, 400, 24);
        }
        add("foot", 50, 400, 800, 24);
        for (double degrees : new double[] {-3, 0, 3}) {
            assertThat(arranged(degrees).text().replace("\n", " "))
                    .isEqualTo("title left0 left1 left2 left3 left4 right0 right1 right2 right3 right4 foot");
        }
    }

    @Test
    void arrange_gapAndIndent_beginParagraphs() {
        add("a", 50, 100, 600, 24);
        add("b", 50, 140, 600, 24);
        add("c", 50, 180, 600, 24);
        add("d", 90, 220, 560, 24);
        add("e", 50, 260, 600, 24);
        add("f", 50, 360, 600, 24);
        assertThat(arranged(0).paragraphs().stream()
                        .map(p -> p.lines().stream().map(line -> line.text()).toList()))
                .containsExactly(List.of("a", "b", "c"), List.of("d", "e"), List.of("f"));
    }

    @Test
    void arrange_nothing_isEmpty() {
        assertThat(arranged(0)).isEqualTo(new OcrText(List.of(), 0, 1000, 1000));
    }

    @Test
    void part_allParts_haveEachQuadOnceAndAboutTheSameWork() {
        for (int i = 0; i < 37; i++) {
            add("x", 0, 40 * i, 30 + 37 * i % 400, 20);
        }
        List<Quad> quads = pieces.stream().map(Readings.Piece::quad).toList();
        Found found = new Found(new dev.leat.vision.image.Pixels(1, 1, new byte[3]), 0, 0, 1, 1, quads);
        List<Integer> all = new ArrayList<>();
        double[] work = new double[4];
        for (int part = 0; part < 4; part++) {
            List<Integer> own = found.part(part, 4);
            all.addAll(own);
            work[part] = own.stream().mapToDouble(i -> quads.get(i).aspect()).sum();
        }
        assertThat(all).hasSize(37).doesNotHaveDuplicates();
        assertThat(java.util.Arrays.stream(work).max().orElseThrow())
                .isLessThan(1.2 * java.util.Arrays.stream(work).min().orElseThrow());
    }
}
