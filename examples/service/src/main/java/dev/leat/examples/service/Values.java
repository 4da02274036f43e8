package dev.leat.examples.service;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.leat.guard.Offsets;
import dev.leat.text.DetectedLanguage;
import dev.leat.text.Embedding;
import dev.leat.text.Entities;
import dev.leat.text.Entity;
import dev.leat.text.Keyword;
import dev.leat.text.Keywords;
import dev.leat.text.LabelScore;
import dev.leat.text.Sentiment;
import dev.leat.text.Summary;
import dev.leat.text.TextModeration;
import dev.leat.text.Topics;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageLabel;
import dev.leat.vision.ImageModeration;
import dev.leat.vision.OcrLine;
import dev.leat.vision.OcrText;
import dev.leat.vision.Point;
import java.util.List;

/** Writes the models' values as JSON. */
final class Values {

    private Values() {}

    static JsonElement sentiment(Sentiment value) {
        return labelled(value.label().name(), value.score());
    }

    static JsonArray embedding(Embedding value) {
        JsonArray vector = new JsonArray(value.dimension());
        for (float coordinate : value.toArray()) {
            vector.add(coordinate);
        }
        return vector;
    }

    static JsonElement moderation(TextModeration value, Offsets offsets) {
        JsonObject json = new JsonObject();
        json.addProperty("flagged", value.flagged());
        json.add("categories", labels(value.categories()));
        JsonArray findings = new JsonArray();
        for (TextModeration.Finding finding : value.findings()) {
            findings.add(placed(
                    "category",
                    finding.category(),
                    finding.score(),
                    offsets.start(finding.start()),
                    offsets.end(finding.end())));
        }
        json.add("findings", findings);
        return json;
    }

    static JsonArray entities(Entities value, Offsets offsets) {
        JsonArray json = new JsonArray();
        for (Entity entity : value.in(offsets).entities()) {
            JsonObject one = placed("type", entity.type().name(), entity.confidence(), entity.start(), entity.end());
            one.addProperty("text", entity.text());
            json.add(one);
        }
        return json;
    }

    static JsonArray keywords(Keywords value) {
        JsonArray json = new JsonArray();
        for (Keyword keyword : value.keywords()) {
            JsonObject one = labelled(keyword.text(), keyword.score());
            one.addProperty("count", keyword.count());
            json.add(one);
        }
        return json;
    }

    static JsonElement language(DetectedLanguage value) {
        JsonObject json = new JsonObject();
        json.addProperty("language", value.language());
        json.add("candidates", labels(value.candidates()));
        return json;
    }

    static JsonElement topics(Topics value) {
        return labels(value.labels());
    }

    static JsonElement summary(Summary value) {
        return new JsonPrimitive(value.text());
    }

    static JsonArray classification(ImageClassification value) {
        JsonArray json = new JsonArray();
        for (ImageLabel label : value.labels()) {
            json.add(labelled(label.label(), label.score()));
        }
        return json;
    }

    static JsonElement moderation(ImageModeration value) {
        JsonObject json = new JsonObject();
        json.addProperty("isAppropriate", value.isAppropriate());
        json.add(
                "score",
                value.score().isPresent() ? new JsonPrimitive(value.score().getAsDouble()) : JsonNull.INSTANCE);
        return json;
    }

    static JsonElement text(OcrText value) {
        JsonObject json = new JsonObject();
        json.addProperty("text", value.text());
        JsonArray lines = new JsonArray();
        for (OcrLine line : value.lines()) {
            JsonObject one = new JsonObject();
            one.addProperty("text", line.text());
            one.addProperty("score", line.score());
            JsonArray box = new JsonArray();
            for (Point corner : line.box().corners()) {
                JsonArray point = new JsonArray();
                point.add(corner.x());
                point.add(corner.y());
                box.add(point);
            }
            one.add("box", box);
            lines.add(one);
        }
        json.add("lines", lines);
        return json;
    }

    static JsonObject labelled(String label, double score) {
        JsonObject json = new JsonObject();
        json.addProperty("label", label);
        json.addProperty("score", score);
        return json;
    }

    /** What stands at a place of the text as given: indices of UTF-16 units, as Java's and JavaScript's strings have. */
    private static JsonObject placed(String kind, String name, double score, int start, int end) {
        JsonObject json = new JsonObject();
        json.addProperty(kind, name);
        json.addProperty("score", score);
        json.addProperty("start", start);
        json.addProperty("end", end);
        return json;
    }

    private static JsonArray labels(List<LabelScore> labels) {
        JsonArray json = new JsonArray();
        for (LabelScore label : labels) {
            json.add(labelled(label.label(), label.score()));
        }
        return json;
    }
}
