package dev.leat.examples.service;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.leat.vision.Image;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads requests, and never more of them than allowed. */
final class Requests {

    /** The name of the part with the picture. */
    static final String IMAGE = "image";

    /** What a form may have besides the picture. */
    static final int FORM_BYTES = 16_384;

    private static final int MAX_BYTE = 255;

    /** A picture as a list of numbers takes up to four chars for a byte. */
    private static final int CHARS_PER_BYTE = 4;

    private Requests() {}

    /** Returns the media type in lower case without its parameters, empty if there is none. */
    static String mediaType(Context ctx) {
        String type = ctx.contentType();
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Reads a JSON object. */
    static JsonObject json(Context ctx, int maxBytes) {
        if (!mediaType(ctx).equals("application/json")) {
            throw Problem.mediaType("application/json");
        }
        try (JsonReader reader = strict(ctx, maxBytes)) {
            JsonElement element = JsonParser.parseReader(reader);
            if (!element.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
                throw Problem.badRequest("The body must be one JSON object.");
            }
            return element.getAsJsonObject();
        } catch (JsonParseException | IllegalStateException | IOException e) {
            throw unreadable(e);
        }
    }

    /** Returns a member that must be a string with something in it. */
    static String text(JsonObject json, String name) {
        JsonElement element = json.get(name);
        if (element instanceof JsonPrimitive primitive
                && primitive.isString()
                && !primitive.getAsString().isEmpty()) {
            return primitive.getAsString();
        }
        throw Problem.badRequest("The member '" + name + "' must be a string that is not empty.");
    }

    /** Returns a member that is true or false; false if it is not there. */
    static boolean flag(JsonObject json, String name) {
        JsonElement element = json.get(name);
        if (element == null) {
            return false;
        } else if (element instanceof JsonPrimitive primitive && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        throw Problem.badRequest("The member '" + name + "' must be true or false.");
    }

    /** Reads the part {@code image} of a form. */
    static Image picture(Context ctx, int maxBytes) {
        requireForm(ctx);
        if (ctx.req().getContentLengthLong() > maxBytes + FORM_BYTES) {
            throw Problem.tooLarge();
        }
        try {
            UploadedFile file = ctx.uploadedFile(IMAGE);
            if (file == null || file.size() == 0) {
                throw Problem.badRequest("The form must have a part '" + IMAGE + "' with a picture.");
            }
            try (InputStream in = file.content()) {
                return Image.of(in.readAllBytes());
            }
        } catch (Problem problem) {
            throw problem;
        } catch (Exception e) { // whatever the server's parser throws, IOException and ServletException among it
            throw unreadable(e);
        }
    }

    /** Reads the picture that the body is, as bytes or as the member {@code image} of a JSON object: a list of bytes. */
    static Image body(Context ctx, int maxBytes) {
        String type = mediaType(ctx);
        try {
            if (type.equals("application/json")) {
                return numbers(ctx, maxBytes);
            } else if (type.isEmpty()
                    || type.equals("application/octet-stream")
                    || type.startsWith("image/")
                    || type.equals("application/x-www-form-urlencoded")) { // what curl says of any body
                byte[] bytes = bounded(ctx, maxBytes).readAllBytes();
                if (bytes.length == 0) {
                    throw Problem.badRequest("The body must be a picture.");
                }
                return Image.of(bytes);
            }
        } catch (JsonParseException | IllegalStateException | IOException e) {
            throw unreadable(e);
        }
        throw Problem.mediaType("image/*, application/octet-stream or application/json");
    }

    private static Image numbers(Context ctx, int maxBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonReader reader = strict(ctx, CHARS_PER_BYTE * maxBytes)) {
            reader.beginObject();
            while (reader.hasNext()) {
                if (!reader.nextName().equals(IMAGE)) {
                    reader.skipValue();
                    continue;
                }
                reader.beginArray();
                while (reader.hasNext()) {
                    int value = reader.nextInt();
                    if (value < 0 || value > MAX_BYTE) {
                        throw Problem.badRequest("The member 'image' must be a list of numbers from 0 to 255.");
                    }
                    bytes.write(value);
                }
                reader.endArray();
            }
            reader.endObject();
        } catch (NumberFormatException e) {
            throw Problem.badRequest("The member 'image' must be a list of numbers from 0 to 255.");
        }
        if (bytes.size() == 0) {
            throw Problem.badRequest("The member 'image' must be a list of the picture's bytes.");
        }
        return Image.of(bytes.toByteArray());
    }

    private static void requireForm(Context ctx) {
        if (!mediaType(ctx).equals("multipart/form-data")) {
            throw Problem.mediaType("multipart/form-data");
        }
    }

    private static JsonReader strict(Context ctx, int maxBytes) {
        Reader chars = new InputStreamReader(
                bounded(ctx, maxBytes),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        JsonReader reader = new JsonReader(chars);
        reader.setStrictness(Strictness.STRICT);
        return reader;
    }

    private static InputStream bounded(Context ctx, int maxBytes) {
        if (ctx.req().getContentLengthLong() > maxBytes) {
            throw Problem.tooLarge();
        }
        return new Bounded(ctx.bodyInputStream(), maxBytes);
    }

    /** Says what is wrong with a body, or goes on throwing what is not the sender's fault. */
    private static Problem unreadable(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            } else if (cause instanceof IllegalStateException
                    && String.valueOf(cause.getMessage()).startsWith("max ")) {
                return Problem.tooLarge(); // the only sign that the server's parser of forms gives
            }
        }
        return Problem.badRequest(
                e instanceof MalformedJsonException
                                || e instanceof EOFException
                                || e instanceof CharacterCodingException
                                || e instanceof JsonParseException
                                || e instanceof IllegalStateException
                        ? "The body is not valid JSON in UTF-8."
                        : "The body could not be read.");
    }

    /** Gives out no more bytes than allowed; confined. */
    private static final class Bounded extends FilterInputStream {
        private int left;

        Bounded(InputStream in, int maxBytes) {
            super(in);
            left = maxBytes;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                throw Problem.tooLarge();
            }
        }
    }
}
