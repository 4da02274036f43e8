package dev.leat.vision;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.vision.image.Pixels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Test pictures of our own making, and values of the reference implementations, each file beside its origin. */
@SuppressWarnings("exports") // tests only
public final class Golden {

    private Golden() {}

    /**
     * Returns the cases of a golden file.
     *
     * @param name without ending
     * @return at least one
     */
    public static List<JsonObject> cases(String name) {
        List<JsonObject> cases = new ArrayList<>();
        String json = new String(bytes("golden/" + name + ".golden.json"), StandardCharsets.UTF_8);
        for (JsonElement each : JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("cases")) {
            cases.add(each.getAsJsonObject());
        }
        if (cases.isEmpty()) {
            throw new IllegalStateException("golden file " + name + " has no cases");
        }
        return cases;
    }

    /**
     * Returns a test picture.
     *
     * @param file its name
     * @return the picture
     */
    public static Image picture(String file) {
        return Image.of(bytes("pictures/" + file));
    }

    /**
     * Returns a picture that is damaged or odd.
     *
     * @param file its name
     * @return the picture
     */
    public static Image hostile(String file) {
        return Image.of(bytes("hostile/" + file));
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the digest of a picture's samples.
     *
     * @param pixels a picture
     * @return lower-case hexadecimal SHA-256
     */
    public static String sha256(Pixels pixels) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels.rgb()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
