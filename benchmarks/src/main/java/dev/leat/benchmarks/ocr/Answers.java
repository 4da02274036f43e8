package dev.leat.benchmarks.ocr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.vision.OcrText;
import java.util.ArrayList;
import java.util.List;

/**
 * What systems read in pictures, as objects of JSON: {@code file}, {@code seconds}, {@code cpu}, {@code lines} of
 * {@code text} and {@code box}.
 */
final class Answers {

    private Answers() {}

    /** What Leat read. */
    static JsonObject of(String name, OcrText text, double seconds, double cpu) {
        JsonObject page = JsonParser.parseString(text.toJson()).getAsJsonObject();
        JsonArray lines = new JsonArray();
        for (JsonElement paragraph : page.getAsJsonArray("paragraphs")) {
            for (JsonElement line : paragraph.getAsJsonObject().getAsJsonArray("lines")) {
                cells(line.getAsJsonObject().getAsJsonArray("words")).forEach(lines::add);
            }
        }
        JsonObject all = new JsonObject();
        all.addProperty("file", name);
        all.addProperty("seconds", seconds);
        all.addProperty("cpu", cpu);
        all.add("lines", lines);
        return all;
    }

    /**
     * Parts a line where a gap is wider than its words are high: receipts' truth and peers have a line for each cell, and
     * rows are told from middles, which differ along a tilted row.
     */
    private static List<JsonObject> cells(JsonArray words) {
        List<JsonObject> cells = new ArrayList<>();
        for (JsonElement each : words) {
            JsonObject word = each.getAsJsonObject();
            JsonObject last = cells.isEmpty() ? null : cells.get(cells.size() - 1);
            if (last != null && gap(last.getAsJsonArray("box"), word.getAsJsonArray("box")) < 1) {
                last.addProperty(
                        "text",
                        last.get("text").getAsString() + " " + word.get("text").getAsString());
                last.getAsJsonArray("box").set(1, word.getAsJsonArray("box").get(1));
                last.getAsJsonArray("box").set(2, word.getAsJsonArray("box").get(2));
            } else {
                cells.add(word.deepCopy());
            }
        }
        return cells;
    }

    /** From the right side of one box to the left side of the next, in heights of the first. */
    private static double gap(JsonArray left, JsonArray right) {
        return distance(left.get(1), right.get(0)) / Math.max(1, distance(left.get(1), left.get(2)));
    }

    private static double distance(JsonElement a, JsonElement b) {
        return Math.hypot(
                a.getAsJsonArray().get(0).getAsDouble()
                        - b.getAsJsonArray().get(0).getAsDouble(),
                a.getAsJsonArray().get(1).getAsDouble()
                        - b.getAsJsonArray().get(1).getAsDouble());
    }

    /** The lines of an answer, with their places. */
    static Page page(JsonObject answer) {
        List<Page.Line> lines = new ArrayList<>();
        for (JsonElement element : answer.getAsJsonArray("lines")) {
            JsonObject line = element.getAsJsonObject();
            double[] corners = new double[8];
            for (int i = 0; i < 4; i++) {
                JsonArray corner = line.getAsJsonArray("box").get(i).getAsJsonArray();
                corners[2 * i] = corner.get(0).getAsDouble();
                corners[2 * i + 1] = corner.get(1).getAsDouble();
            }
            lines.add(Page.line(line.get("text").getAsString(), corners));
        }
        return new Page(lines, true);
    }
}
