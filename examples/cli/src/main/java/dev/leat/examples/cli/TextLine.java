package dev.leat.examples.cli;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.leat.InvalidInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a line means: {@code {"id": .., "text": ..}} if its first character that is no space is a brace, else the
 * line itself is the text.
 */
final class TextLine {

    private TextLine() {}

    /** Reads a line; one that is wrong is an item that fails, under its own id if that could be read. */
    static Item<String> read(String line, String number) {
        if (!line.stripLeading().startsWith("{")) {
            return new Item<>(number, () -> line);
        }
        String id = number;
        String text = null;
        try (JsonReader json = new JsonReader(new StringReader(line))) {
            json.setStrictness(Strictness.LEGACY_STRICT); // takes raw control characters, which the guard removes
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "id" -> id = id(json, number);
                    case "text" -> text = text(json);
                    default -> json.skipValue();
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                return failed(
                        id, new InvalidInputException("invalid-json", "Something follows the line's JSON object"));
            }
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            return failed(
                    id,
                    new InvalidInputException(
                            "invalid-json",
                            "The line begins with a brace but is no JSON object; a plain text that begins so must be"
                                    + " written as {\"text\": ..}"));
        } catch (IOException e) {
            throw new AssertionError("A string is read without I/O", e);
        }
        if (text == null) {
            return failed(id, new InvalidInputException("no-text", "The line's object has no string named \"text\""));
        }
        String found = text;
        return new Item<>(id, () -> found);
    }

    static Item<String> failed(String id, InvalidInputException why) {
        return new Item<>(id, () -> {
            throw why;
        });
    }

    private static String id(JsonReader json, String number) throws IOException {
        JsonToken token = json.peek();
        if (token == JsonToken.STRING || token == JsonToken.NUMBER) {
            return json.nextString();
        }
        json.skipValue();
        return number;
    }

    private static @Nullable String text(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.STRING) {
            return json.nextString();
        }
        json.skipValue();
        return null;
    }
}
