package dev.leat.benchmarks.ocr;

import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is written in a picture, or what a system read there.
 *
 * @param lines in the order in which they are given
 * @param located whether the lines have places
 */
record Page(List<Line> lines, boolean located) {

    /** A line; its place is the middle, the height and the left end of its box, pixels. */
    record Line(String text, double middle, double height, double left) {}

    /** Reads SROIE's form (eight coordinates and the text on each line) or plain lines in reading order. */
    static Page read(Path file) throws IOException {
        String content = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .decode(java.nio.ByteBuffer.wrap(Files.readAllBytes(file)))
                .toString();
        boolean located = file.toString().endsWith(".csv");
        List<Line> lines = new ArrayList<>();
        for (String each : content.lines().toList()) {
            if (located) {
                String[] parts = each.split(",", 9);
                if (parts.length == 9 && !parts[8].isBlank()) {
                    lines.add(line(
                            parts[8].strip(),
                            Arrays.stream(parts)
                                    .limit(8)
                                    .mapToDouble(Double::parseDouble)
                                    .toArray()));
                }
            } else if (!each.isBlank()) {
                lines.add(new Line(each.strip(), 0, 0, 0));
            }
        }
        return new Page(lines, located);
    }

    /** A line of a box of four corners: x, y, x, y and so on. */
    static Line line(String text, double[] corners) {
        double middle = 0;
        double top = Double.POSITIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        double left = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 8; i += 2) {
            left = Math.min(left, corners[i]);
            top = Math.min(top, corners[i + 1]);
            bottom = Math.max(bottom, corners[i + 1]);
            middle += corners[i + 1] / 4;
        }
        return new Line(text, middle, bottom - top, left);
    }

    /** The text as given, a line each. */
    String text() {
        return lines.stream().map(Line::text).collect(Collectors.joining("\n"));
    }

    /**
     * The text by rows: from top to bottom, a line belongs to the row before it if their middles are closer than half
     * of the lower one's height; in a row from left to right.
     */
    String rows() {
        List<Line> sorted = new ArrayList<>(lines);
        sorted.sort(Comparator.comparingDouble(Line::middle));
        List<List<Line>> rows = new ArrayList<>();
        for (Line line : sorted) {
            List<Line> last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
            if (last != null
                    && Math.abs(line.middle - last.get(0).middle)
                            < 0.5 * Math.max(1, Math.min(line.height, last.get(0).height))) {
                last.add(line);
            } else {
                rows.add(new ArrayList<>(List.of(line)));
            }
        }
        return rows.stream()
                .map(row -> row.stream()
                        .sorted(Comparator.comparingDouble(Line::left))
                        .map(Line::text)
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }
}
