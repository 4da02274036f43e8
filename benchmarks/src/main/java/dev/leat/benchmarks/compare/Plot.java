package dev.leat.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A line chart as SVG, both axes logarithmic, with direct labels; the same bytes on every machine, which no chart library
 * that asks the machine's fonts for their widths gives.
 */
final class Plot {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int RIGHT = 170;
    private static final int TOP = 40;
    private static final int BOTTOM = 45;
    private static final List<String> COLOURS = List.of("#0b6e99", "#b5480f", "#5b7f24", "#7a4a9e", "#555555");

    private final String title;
    private final String xName;
    private final List<String> names = new ArrayList<>();
    private final List<List<Map.Entry<Double, Double>>> lines = new ArrayList<>();

    Plot(String title, String xName) {
        this.title = title;
        this.xName = xName;
    }

    /** Adds a line; its points in ascending order of x, both positive. */
    void line(String name, List<Map.Entry<Double, Double>> points) {
        if (!points.isEmpty()) {
            names.add(name);
            lines.add(points);
        }
    }

    String svg() {
        double leastX = extreme(true, false);
        double mostX = extreme(true, true);
        double leastY = extreme(false, false) / 1.15;
        double mostY = extreme(false, true) * 1.15;
        StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " "
                + HEIGHT + "\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"" + title + "\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append("<text x=\"")
                .append(LEFT)
                .append("\" y=\"20\" font-size=\"14\">")
                .append(title)
                .append("</text>\n");
        svg.append("<text x=\"")
                .append(LEFT)
                .append("\" y=\"")
                .append(HEIGHT - 8)
                .append("\" fill=\"#555555\">")
                .append(xName)
                .append("</text>\n");
        for (double tick : ticks(leastY, mostY)) {
            double y = y(tick, leastY, mostY);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555555\">%s</text>%n",
                    LEFT,
                    y,
                    WIDTH - RIGHT,
                    y,
                    LEFT - 6,
                    y + 4,
                    plain(tick)));
        }
        for (Map.Entry<Double, Double> point :
                lines.stream().max((a, b) -> a.size() - b.size()).orElse(List.of())) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%s</text>%n",
                    x(point.getKey(), leastX, mostX),
                    HEIGHT - BOTTOM + 18,
                    plain(point.getKey())));
        }
        double lastLabel = Double.NEGATIVE_INFINITY;
        List<Integer> byEnd = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            byEnd.add(i);
        }
        byEnd.sort((a, b) -> Double.compare(end(b), end(a)));
        for (int i : byEnd) {
            StringBuilder points = new StringBuilder();
            for (Map.Entry<Double, Double> point : lines.get(i)) {
                points.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        x(point.getKey(), leastX, mostX),
                        y(point.getValue(), leastY, mostY)));
            }
            String colour = COLOURS.get(i % COLOURS.size());
            lastLabel = Math.max(lastLabel + 15, y(end(i), leastY, mostY) + 4);
            svg.append(String.format(
                    Locale.ROOT,
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s</text>%n",
                    points.toString().strip(),
                    colour,
                    WIDTH - RIGHT + 8,
                    lastLabel,
                    colour,
                    names.get(i)));
        }
        return svg.append("</svg>\n").toString();
    }

    private double end(int line) {
        List<Map.Entry<Double, Double>> points = lines.get(line);
        return points.get(points.size() - 1).getValue();
    }

    private double extreme(boolean ofX, boolean most) {
        var values = lines.stream().flatMap(List::stream).mapToDouble(point -> ofX ? point.getKey() : point.getValue());
        return (most ? values.max() : values.min()).orElse(1);
    }

    private static double x(double value, double least, double most) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log(value / least) / Math.log(most / least);
    }

    private static double y(double value, double least, double most) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.log(value / least) / Math.log(most / least);
    }

    /** 1, 2, 5 of each decade. */
    private static List<Double> ticks(double least, double most) {
        List<Double> ticks = new ArrayList<>();
        for (double decade = Math.pow(10, Math.floor(Math.log10(least))); decade <= most; decade *= 10) {
            for (double step : new double[] {1, 2, 5}) {
                if (decade * step >= least && decade * step <= most) {
                    ticks.add(decade * step);
                }
            }
        }
        return ticks;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2g", value);
    }
}
