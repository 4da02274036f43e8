package dev.leat.vision.ocr;

import dev.leat.vision.Box;
import dev.leat.vision.Point;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Four corners: top left, top right, bottom right, bottom left; coordinates in pixels, perhaps between them. Owns its
 * arrays, which nobody writes.
 */
record Quad(double[] x, double[] y) {

    /** Puts corners into order: the two left ones by height, the two right ones by height. */
    static Quad ordered(double[] x, double[] y) {
        Integer[] byX = {0, 1, 2, 3};
        Arrays.sort(byX, Comparator.comparingDouble(i -> x[i]));
        int tl = y[byX[0]] <= y[byX[1]] ? byX[0] : byX[1];
        int bl = tl == byX[0] ? byX[1] : byX[0];
        int tr = y[byX[2]] <= y[byX[3]] ? byX[2] : byX[3];
        int br = tr == byX[2] ? byX[3] : byX[2];
        return new Quad(new double[] {x[tl], x[tr], x[br], x[bl]}, new double[] {y[tl], y[tr], y[br], y[bl]});
    }

    double side(int a, int b) {
        return Math.hypot(x[a] - x[b], y[a] - y[b]);
    }

    double width() {
        return Math.max(side(0, 1), side(2, 3));
    }

    double height() {
        return Math.max(side(0, 3), side(1, 2));
    }

    double area() {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            int j = (i + 1) % 4;
            sum += x[i] * y[j] - x[j] * y[i];
        }
        return Math.abs(sum) / 2;
    }

    double perimeter() {
        return side(0, 1) + side(1, 2) + side(2, 3) + side(3, 0);
    }

    /** How long it is, in its own height. */
    double aspect() {
        double width = Math.max(1, width());
        double height = Math.max(1, height());
        return Math.max(width, height) / Math.min(width, height);
    }

    Quad moved(double dx, double dy) {
        double[] mx = new double[4];
        double[] my = new double[4];
        for (int i = 0; i < 4; i++) {
            mx[i] = x[i] + dx;
            my[i] = y[i] + dy;
        }
        return new Quad(mx, my);
    }

    /** Returns the corners in another order: the one that was number {@code by} first. */
    Quad cycled(int by) {
        double[] cx = new double[4];
        double[] cy = new double[4];
        for (int i = 0; i < 4; i++) {
            cx[i] = x[(i + by) % 4];
            cy[i] = y[(i + by) % 4];
        }
        return new Quad(cx, cy);
    }

    /** Returns the part between two fractions of the way from left to right. */
    Quad between(double from, double to) {
        return new Quad(
                new double[] {at(x, 0, 1, from), at(x, 0, 1, to), at(x, 3, 2, to), at(x, 3, 2, from)},
                new double[] {at(y, 0, 1, from), at(y, 0, 1, to), at(y, 3, 2, to), at(y, 3, 2, from)});
    }

    private static double at(double[] values, int a, int b, double way) {
        return values[a] + way * (values[b] - values[a]);
    }

    /** Returns the quad in another scale, moved, rounded and kept within a picture. */
    Quad mapped(double scaleX, double scaleY, double moveX, double moveY, int width, int height) {
        double[] mx = new double[4];
        double[] my = new double[4];
        for (int i = 0; i < 4; i++) {
            mx[i] = Math.min(Math.max(Math.rint(x[i] * scaleX + moveX), 0), width - 1.0);
            my[i] = Math.min(Math.max(Math.rint(y[i] * scaleY + moveY), 0), height - 1.0);
        }
        return new Quad(mx, my);
    }

    /** Returns whole pixels within a picture. */
    Box box(int width, int height) {
        return new Box(List.of(
                point(0, width, height), point(1, width, height), point(2, width, height), point(3, width, height)));
    }

    private Point point(int i, int width, int height) {
        return new Point((int) Math.min(Math.max(Math.rint(x[i]), 0), width - 1.0), (int)
                Math.min(Math.max(Math.rint(y[i]), 0), height - 1.0));
    }
}
