package dev.leat.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Values of the reference implementation, read from the files under {@code golden}, each beside its origin. */
@SuppressWarnings("exports") // tests only
public final class Golden {

    private Golden() {}

    /**
     * Reads a golden file.
     *
     * @param name without ending
     * @return its content
     */
    public static JsonObject read(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name + ".golden.json")) {
            if (in == null) {
                throw new IllegalStateException("no golden file " + name);
            }
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the cases of a golden file.
     *
     * @param name without ending
     * @return at least one
     */
    public static List<JsonObject> cases(String name) {
        List<JsonObject> cases = new ArrayList<>();
        for (JsonElement each : read(name).getAsJsonArray("cases")) {
            cases.add(each.getAsJsonObject());
        }
        if (cases.isEmpty()) {
            throw new IllegalStateException("golden file " + name + " has no cases");
        }
        return cases;
    }

    /**
     * Returns numbers.
     *
     * @param array of numbers
     * @return as doubles
     */
    public static double[] doubles(JsonArray array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsDouble();
        }
        return values;
    }

    /**
     * Returns the cosine of two vectors.
     *
     * @param a a vector
     * @param b another
     * @return -1 to 1
     */
    public static double cosine(float[] a, double[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }

    /**
     * Returns the largest difference of two vectors.
     *
     * @param a a vector
     * @param b another
     * @return not negative
     */
    public static double maxDifference(float[] a, double[] b) {
        double max = 0;
        for (int i = 0; i < a.length; i++) {
            max = Math.max(max, Math.abs(a[i] - b[i]));
        }
        return max;
    }
}
