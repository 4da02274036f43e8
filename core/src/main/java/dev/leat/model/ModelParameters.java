package dev.leat.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.leat.ModelLoadException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to an object of {@code model.json}, whose errors name the key and say how to mend it; immutable.
 *
 * <p>A key that is absent or {@code null} is an error unless a default is given; a value of another type always is.
 */
public final class ModelParameters {

    private final String modelId;
    private final String where;
    private final String path;
    private final JsonObject json;

    /**
     * @param where the place of the {@code model.json}, for messages
     * @param path the keys that lead here with a trailing dot, or empty
     */
    ModelParameters(String modelId, String where, String path, JsonObject json) {
        this.modelId = modelId;
        this.where = where;
        this.path = path;
        this.json = json;
    }

    /**
     * Returns whether a key is there.
     *
     * @param key a key
     * @return false if it is absent or {@code null}
     */
    public boolean has(String key) {
        JsonElement value = json.get(key);
        return value != null && !value.isJsonNull();
    }

    /**
     * Returns all keys.
     *
     * @return in the order of the file, immutable
     */
    public Set<String> keys() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(json.keySet()));
    }

    /**
     * Returns a text.
     *
     * @param key a key
     * @return its text
     * @throws ModelLoadException if it is absent or not a text
     */
    public String text(String key) {
        return asText(key, required(key, "a text"));
    }

    /**
     * Returns a text or a default.
     *
     * @param key a key
     * @param otherwise the value if the key is absent
     * @return its text
     * @throws ModelLoadException if it is not a text
     */
    public String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /**
     * Returns a whole number.
     *
     * @param key a key
     * @return its value
     * @throws ModelLoadException if it is absent, not a whole number or does not fit
     */
    public int integer(String key) {
        long value = asLong(key, required(key, "a whole number"));
        if (value != (int) value) {
            throw wrong(key, "a whole number of 32 bits", Long.toString(value));
        }
        return (int) value;
    }

    /**
     * Returns a whole number or a default.
     *
     * @param key a key
     * @param otherwise the value if the key is absent
     * @return its value
     * @throws ModelLoadException if it is not a whole number or does not fit
     */
    public int integer(String key, int otherwise) {
        return has(key) ? integer(key) : otherwise;
    }

    /**
     * Returns a number.
     *
     * @param key a key
     * @return its value, finite
     * @throws ModelLoadException if it is absent or not a finite number
     */
    public double number(String key) {
        return asDouble(key, required(key, "a number"));
    }

    /**
     * Returns a number or a default.
     *
     * @param key a key
     * @param otherwise the value if the key is absent
     * @return its value
     * @throws ModelLoadException if it is not a finite number
     */
    public double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    /**
     * Returns a truth value.
     *
     * @param key a key
     * @return its value
     * @throws ModelLoadException if it is absent or neither true nor false
     */
    public boolean flag(String key) {
        JsonElement value = required(key, "true or false");
        if (value instanceof JsonPrimitive primitive && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        throw wrong(key, "true or false", value);
    }

    /**
     * Returns a truth value or a default.
     *
     * @param key a key
     * @param otherwise the value if the key is absent
     * @return its value
     * @throws ModelLoadException if it is neither true nor false
     */
    public boolean flag(String key, boolean otherwise) {
        return has(key) ? flag(key) : otherwise;
    }

    /**
     * Returns a list of texts.
     *
     * @param key a key
     * @return in order, immutable
     * @throws ModelLoadException if it is absent or not a list of texts
     */
    public List<String> texts(String key) {
        return list(key, "a list of texts", this::asText);
    }

    /**
     * Returns a list of numbers.
     *
     * @param key a key
     * @return in order; the caller owns it
     * @throws ModelLoadException if it is absent or not a list of finite numbers
     */
    public double[] numbers(String key) {
        return list(key, "a list of numbers", this::asDouble).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /**
     * Returns an object.
     *
     * @param key a key
     * @return typed access to it
     * @throws ModelLoadException if it is absent or not an object
     */
    public ModelParameters object(String key) {
        return asObject(key, required(key, "an object"));
    }

    /**
     * Returns a list of objects.
     *
     * @param key a key
     * @return in order, immutable
     * @throws ModelLoadException if it is absent or not a list of objects
     */
    public List<ModelParameters> objects(String key) {
        return list(key, "a list of objects", this::asObject);
    }

    long wholeNumber(String key) {
        return asLong(key, required(key, "a whole number"));
    }

    /** Returns a shape: numbers are fixed dimensions, texts symbolic ones. */
    List<Dimension> shape(String key) {
        return list(key, "a list of numbers and names", (at, value) -> {
            if (value instanceof JsonPrimitive primitive && primitive.isString()) {
                return new Dimension.Symbolic(primitive.getAsString());
            }
            long size = asLong(at, value);
            if (size < 0) {
                throw wrong(at, "a size that is not negative, or a name", Long.toString(size));
            }
            return new Dimension.Fixed(size);
        });
    }

    ModelLoadException wrong(String key, String expected, String found) {
        return new ModelLoadException(
                modelId,
                "Model '" + modelId + "': '" + path + key + "' in model.json is " + found + ", expected " + expected
                        + ". Correct it in " + where + ".");
    }

    private ModelLoadException wrong(String key, String expected, JsonElement found) {
        String text = found.toString();
        return wrong(key, expected, text.length() <= 60 ? text : text.substring(0, 60) + "...");
    }

    private JsonElement required(String key, String expected) {
        @Nullable JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            throw new ModelLoadException(
                    modelId,
                    "Model '" + modelId + "': model.json lacks '" + path + key + "' (expected " + expected
                            + "). Add it to " + where + ".");
        }
        return value;
    }

    private <T> List<T> list(String key, String expected, Element<T> element) {
        JsonElement value = required(key, expected);
        if (!value.isJsonArray()) {
            throw wrong(key, expected, value);
        }
        List<T> values = new ArrayList<>();
        for (JsonElement each : value.getAsJsonArray()) {
            values.add(element.read(key + "[" + values.size() + "]", each));
        }
        return List.copyOf(values);
    }

    private String asText(String key, JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isString()) {
            return primitive.getAsString();
        }
        throw wrong(key, "a text", value);
    }

    private long asLong(String key, JsonElement value) {
        return asNumber(key, "a whole number", value, ModelParameters::wholeNumberOf);
    }

    /** JSON writes 100 as 1e2, too; where it does not, nothing of decimal arithmetic is loaded at a program's start. */
    private static long wholeNumberOf(String number) {
        boolean digits = number.indexOf('.') < 0 && number.indexOf('e') < 0 && number.indexOf('E') < 0;
        return digits ? Long.parseLong(number) : new BigDecimal(number).longValueExact();
    }

    private double asDouble(String key, JsonElement value) {
        double number = asNumber(key, "a number", value, Double::valueOf);
        if (!Double.isFinite(number)) {
            throw wrong(key, "a finite number", value);
        }
        return number;
    }

    private <T> T asNumber(String key, String expected, JsonElement value, Function<String, T> reader) {
        if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
            try {
                return reader.apply(primitive.getAsString());
            } catch (ArithmeticException | NumberFormatException e) {
                throw wrong(key, expected, value);
            }
        }
        throw wrong(key, expected, value);
    }

    private ModelParameters asObject(String key, JsonElement value) {
        if (value instanceof JsonObject object) {
            return new ModelParameters(modelId, where, path + key + ".", object);
        }
        throw wrong(key, "an object", value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelParameters that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return "ModelParameters" + json.keySet();
    }

    private interface Element<T> {
        T read(String key, JsonElement value);
    }
}
