package dev.leat.vision.ocr;

import dev.leat.vision.OcrLine;
import dev.leat.vision.OcrParagraph;
import dev.leat.vision.OcrText;
import dev.leat.vision.OcrWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * From lines that were read to reading order: columns, rows, paragraphs.
 *
 * <p>The page is turned as most of its letters stand, and levelled by the median slope of its long lines. Columns are
 * found as recursive X-Y cuts do (Nagy and Seth, "Hierarchical representation of optically scanned documents", 1984),
 * with one difference: a gutter counts only between columns of prose, several rows of wide lines on either side, since
 * the amounts of a receipt are to be read with what they are for.
 */
final class Layout {

    /** A gutter is at least so wide, in heights of a line. */
    private static final double GUTTER = 0.8;

    /** Rows on either side of a gutter. */
    private static final int MIN_ROWS = 3;

    /** Half of a column's rows are at least so wide, in heights of a line. */
    private static final double PROSE = 6;

    /** Lines further apart than so many usual distances begin a paragraph. */
    private static final double PARAGRAPH = 1.4;

    /** Lines whose heights differ by more are of different paragraphs. */
    private static final double SIZES = 1.5;

    /** A first line moved in by so many heights begins a paragraph. */
    private static final double INDENT = 1.0;

    private Layout() {}

    /** A piece in the level frame: an upright rectangle. */
    private record Item(Readings.Piece piece, double left, double right, double top, double bottom) {
        double middle() {
            return (top + bottom) / 2;
        }

        double height() {
            return bottom - top;
        }
    }

    private record Row(List<Item> items) {
        double left() {
            return items.stream().mapToDouble(Item::left).min().orElse(0);
        }

        double right() {
            return items.stream().mapToDouble(Item::right).max().orElse(0);
        }

        double middle() {
            return items.stream().mapToDouble(Item::middle).average().orElse(0);
        }

        double height() {
            return median(items.stream().mapToDouble(Item::height).toArray());
        }
    }

    static OcrText arrange(Readings readings) {
        int rotation = rotation(readings.pieces());
        double slope = slope(readings.pieces(), rotation);
        List<Item> items = readings.pieces().stream()
                .map(piece -> item(piece, Math.toRadians(rotation) + slope))
                .toList();
        List<OcrParagraph> paragraphs = new ArrayList<>();
        for (List<Item> block : blocks(items)) {
            paragraphs.addAll(paragraphs(rows(block), Math.toRadians(rotation) + slope, readings));
        }
        return new OcrText(paragraphs, (360 - rotation) % 360, readings.width(), readings.height());
    }

    /** By how many degrees clockwise the page's letters are turned: as most of them are. */
    private static int rotation(List<Readings.Piece> pieces) {
        double[] letters = new double[4];
        for (Readings.Piece piece : pieces) {
            int quarter = Math.floorMod(360 - piece.reading().turn(), 360) / 90;
            letters[quarter] +=
                    piece.reading().text().length() * piece.reading().score();
        }
        int most = 0;
        for (int quarter = 1; quarter < 4; quarter++) {
            most = letters[quarter] > letters[most] ? quarter : most;
        }
        return 90 * most;
    }

    /** The corners as the text is read: its top left first. */
    private static Quad asRead(Readings.Piece piece) {
        return piece.quad()
                .cycled(
                        switch (piece.reading().turn()) {
                            case 90 -> 3;
                            case 180 -> 2;
                            case 270 -> 1;
                            default -> 0;
                        });
    }

    private static double slope(List<Readings.Piece> pieces, int rotation) {
        List<double[]> slopes = new ArrayList<>();
        double total = 0;
        for (Readings.Piece piece : pieces) {
            Quad quad = asRead(piece);
            double angle = Math.atan2(quad.y()[1] - quad.y()[0], quad.x()[1] - quad.x()[0]) - Math.toRadians(rotation);
            angle = Math.IEEEremainder(angle, 2 * Math.PI);
            if (Math.abs(angle) < Math.PI / 6 && quad.aspect() > 3) {
                slopes.add(new double[] {angle, quad.side(0, 1)});
                total += quad.side(0, 1);
            }
        }
        slopes.sort(Comparator.comparingDouble(each -> each[0]));
        double sum = 0;
        for (double[] each : slopes) {
            sum += each[1];
            if (sum >= total / 2) {
                return each[0];
            }
        }
        return 0;
    }

    private static Item item(Readings.Piece piece, double angle) {
        Quad quad = piece.quad();
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double[] u = new double[4];
        double[] v = new double[4];
        for (int i = 0; i < 4; i++) {
            u[i] = quad.x()[i] * cos + quad.y()[i] * sin;
            v[i] = quad.y()[i] * cos - quad.x()[i] * sin;
        }
        Arrays.sort(u);
        Arrays.sort(v);
        // The middle of either pair of corners: a little slope makes a line no higher.
        return new Item(piece, u[0], u[3], (v[0] + v[1]) / 2, (v[2] + v[3]) / 2);
    }

    /** Groups items whose middles are level, from top to bottom, each from left to right. */
    private static List<Row> rows(List<Item> items) {
        List<Item> sorted = new ArrayList<>(items);
        sorted.sort(Comparator.comparingDouble(Item::middle));
        List<List<Item>> rows = new ArrayList<>();
        for (Item item : sorted) {
            List<Item> last = rows.isEmpty() ? List.of() : rows.get(rows.size() - 1);
            if (!last.isEmpty() && level(last, item)) {
                last.add(item);
            } else {
                rows.add(new ArrayList<>(List.of(item)));
            }
        }
        rows.forEach(row -> row.sort(Comparator.comparingDouble(Item::left)));
        return rows.stream().map(Row::new).toList();
    }

    private static boolean level(List<Item> row, Item item) {
        double middle = row.stream().mapToDouble(Item::middle).average().orElse(0);
        double height = median(row.stream().mapToDouble(Item::height).toArray());
        // Two pieces of a row do not lie above each other.
        boolean beside = row.stream()
                .allMatch(other -> Math.min(other.right, item.right) - Math.max(other.left, item.left)
                        < 0.5 * Math.min(other.right - other.left, item.right - item.left));
        return beside && Math.abs(item.middle() - middle) < 0.5 * Math.min(height, item.height());
    }

    /** Cuts a page into blocks in reading order. */
    private static List<List<Item>> blocks(List<Item> items) {
        List<Row> rows = rows(items);
        double height = median(items.stream().mapToDouble(Item::height).toArray());
        for (int from = 0; from + MIN_ROWS <= rows.size(); from++) {
            double best = Double.NaN;
            int end = from + MIN_ROWS;
            // A gap between some rows is one between fewer of them, too.
            while (end <= rows.size() && !gaps(rows.subList(from, end), height).isEmpty()) {
                end++;
            }
            for (end--; end >= from + MIN_ROWS && Double.isNaN(best); end--) {
                best = gutter(rows.subList(from, end), height);
            }
            end++;
            if (!Double.isNaN(best)) {
                double x = best;
                List<Item> all = items(rows.subList(from, end));
                List<List<Item>> blocks = new ArrayList<>();
                if (from > 0) {
                    blocks.add(items(rows.subList(0, from)));
                }
                blocks.addAll(blocks(all.stream().filter(i -> i.right <= x).toList()));
                blocks.addAll(blocks(all.stream().filter(i -> i.right > x).toList()));
                if (end < rows.size()) {
                    blocks.addAll(blocks(items(rows.subList(end, rows.size()))));
                }
                return blocks;
            }
        }
        return items.isEmpty() ? List.of() : List.of(items);
    }

    private static List<Item> items(List<Row> rows) {
        return rows.stream().flatMap(row -> row.items.stream()).toList();
    }

    /** Where columns of prose are parted, or NaN. */
    private static double gutter(List<Row> rows, double height) {
        for (double x : gaps(rows, height)) {
            if (isProse(rows, true, x, height) && isProse(rows, false, x, height)) {
                return x;
            }
        }
        return Double.NaN;
    }

    /** The middles of what no item of the rows covers. */
    private static List<Double> gaps(List<Row> rows, double height) {
        List<Item> items = new ArrayList<>(items(rows));
        items.sort(Comparator.comparingDouble(Item::left));
        List<Double> gaps = new ArrayList<>();
        double reach = Double.NEGATIVE_INFINITY;
        for (Item item : items) {
            if (item.left - reach > GUTTER * height && Double.isFinite(reach)) {
                gaps.add((reach + item.left) / 2);
            }
            reach = Math.max(reach, item.right);
        }
        return gaps;
    }

    private static boolean isProse(List<Row> rows, boolean left, double x, double height) {
        double[] widths = rows.stream()
                .map(row -> row.items.stream().filter(i -> left == i.right <= x).toList())
                .filter(row -> !row.isEmpty())
                .map(Row::new)
                .mapToDouble(row -> row.right() - row.left())
                .toArray();
        return widths.length >= MIN_ROWS && 2 * widths.length >= rows.size() && median(widths) >= PROSE * height;
    }

    private static List<OcrParagraph> paragraphs(List<Row> rows, double angle, Readings readings) {
        double[] distances = new double[Math.max(0, rows.size() - 1)];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = rows.get(i + 1).middle() - rows.get(i).middle();
        }
        // Not the median: in a letter every other line begins a paragraph.
        double usual = lowerQuartile(distances);
        double left = rows.stream().mapToDouble(Row::left).min().orElse(0);
        List<OcrParagraph> paragraphs = new ArrayList<>();
        List<OcrLine> lines = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (i > 0 && begins(rows.get(i - 1), rows.get(i), distances[i - 1], usual, left)) {
                paragraphs.add(new OcrParagraph(lines));
                lines = new ArrayList<>();
            }
            lines.add(line(rows.get(i), angle, readings));
        }
        if (!lines.isEmpty()) {
            paragraphs.add(new OcrParagraph(lines));
        }
        return paragraphs;
    }

    private static boolean begins(Row above, Row row, double distance, double usual, double left) {
        double height = row.height();
        boolean apart = distance > PARAGRAPH * usual && distance > PARAGRAPH * Math.max(height, above.height());
        boolean resized = Math.max(height, above.height()) > SIZES * Math.min(height, above.height());
        boolean indented = row.left() - left > INDENT * height && above.left() - left < 0.5 * INDENT * height;
        // A moved row is an indent only if the one above it reaches beyond where it begins.
        return apart || resized || indented && above.right() > row.left() && row.left() - left < 6 * height;
    }

    private static OcrLine line(Row row, double angle, Readings readings) {
        List<OcrWord> words = new ArrayList<>();
        double sum = 0;
        int letters = 0;
        for (Item item : row.items) {
            Quad quad = asRead(item.piece);
            for (Reading.Word word : item.piece.reading().words()) {
                Quad own = quad.between(word.from(), word.to());
                words.add(new OcrWord(word.text(), word.score(), own.box(readings.width(), readings.height())));
                sum += word.score() * word.text().length();
                letters += word.text().length();
            }
        }
        Quad box = row.items.size() == 1 ? asRead(row.items.get(0).piece) : around(row, angle);
        String text = words.stream().map(OcrWord::text).collect(Collectors.joining(" "));
        return new OcrLine(text, sum / letters, box.box(readings.width(), readings.height()), words);
    }

    /** The rectangle around a row, in the page's frame. */
    private static Quad around(Row row, double angle) {
        double left = row.left();
        double right = row.right();
        double top = row.items.stream().mapToDouble(Item::top).min().orElse(0);
        double bottom = row.items.stream().mapToDouble(Item::bottom).max().orElse(0);
        double[] u = {left, right, right, left};
        double[] v = {top, top, bottom, bottom};
        double[] x = new double[4];
        double[] y = new double[4];
        for (int i = 0; i < 4; i++) {
            x[i] = u[i] * Math.cos(angle) - v[i] * Math.sin(angle);
            y[i] = u[i] * Math.sin(angle) + v[i] * Math.cos(angle);
        }
        return new Quad(x, y);
    }

    private static double lowerQuartile(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 4];
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
