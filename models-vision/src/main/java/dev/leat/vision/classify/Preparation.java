package dev.leat.vision.classify;

import dev.leat.ModelLoadException;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelParameters;
import dev.leat.onnx.Tensor;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.image.Resample;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a classifier wants its pictures: the centre square of a part of the shorter side, resized,
 * {@code (value - mean) / scale}. Crops first and then resizes, as EfficientNet-Lite's preprocessing does with Pillow.
 *
 * @param size of the graph's input, pixels a side
 * @param cropFraction of the shorter side, above 0 and at most 1
 * @param filter resizes the square
 * @param mean subtracted from each sample, one a channel
 * @param scale each sample is divided by, one a channel
 * @param reversed true for blue, green, red
 * @param channelsFirst true for NCHW, false for NHWC
 */
record Preparation(
        int size,
        double cropFraction,
        Resample filter,
        List<Double> mean,
        List<Double> scale,
        boolean reversed,
        boolean channelsFirst) {

    private static final int CHANNELS = 3;

    static Preparation of(ModelFolder folder) {
        ModelParameters parameters = folder.descriptor().parameters();
        Preparation read = new Preparation(
                parameters.integer("size"),
                parameters.number("cropFraction", 1),
                Resample.valueOf(choice(folder, "resample", Resample.BICUBIC.name(), names())),
                channels(folder, "mean", 0),
                channels(folder, "scale", 255),
                choice(folder, "channelOrder", "RGB", List.of("RGB", "BGR")).equals("BGR"),
                choice(folder, "layout", "NCHW", List.of("NCHW", "NHWC")).equals("NCHW"));
        if (read.size < 1 || !(read.cropFraction > 0 && read.cropFraction <= 1) || read.scale.contains(0.0)) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id()
                            + "': size must be at least 1, cropFraction above 0 and at most 1, scale not 0;"
                            + " mend model.json");
        }
        return read;
    }

    private static List<String> names() {
        return Arrays.stream(Resample.values()).map(Enum::name).toList();
    }

    private static String choice(ModelFolder folder, String key, String otherwise, List<String> known) {
        String value = folder.descriptor().parameters().text(key, otherwise);
        if (!known.contains(value)) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id() + "': " + key + " is '" + value + "'; give one of "
                            + String.join(", ", known));
        }
        return value;
    }

    /** A number for all channels, or one for each. */
    private static List<Double> channels(ModelFolder folder, String key, double otherwise) {
        ModelParameters parameters = folder.descriptor().parameters();
        if (!parameters.has(key)) {
            return Collections.nCopies(CHANNELS, otherwise);
        }
        List<Double> values;
        try {
            values = Arrays.stream(parameters.numbers(key)).boxed().collect(Collectors.toUnmodifiableList());
        } catch (ModelLoadException e) {
            return Collections.nCopies(CHANNELS, parameters.number(key)); // no list: a number, or an error that says so
        }
        if (values.size() != CHANNELS) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id() + "': " + key + " has " + values.size()
                            + " numbers; give one, or one for each of 3 channels");
        }
        return values;
    }

    /** The square that the graph sees, 8 bits a sample. */
    Pixels square(Pixels picture) {
        int shorter = Math.min(picture.width(), picture.height());
        int side = Math.max(1, (int) Math.rint(cropFraction * shorter));
        Pixels square = picture.crop((picture.width() - side) / 2, (picture.height() - side) / 2, side, side);
        return filter.resize(square, size, size);
    }

    Tensor tensor(Pixels square) {
        byte[] rgb = square.rgb();
        int plane = size * size;
        float[] values = new float[CHANNELS * plane];
        for (int c = 0; c < CHANNELS; c++) {
            float[] table = new float[256];
            for (int value = 0; value < table.length; value++) {
                table[value] = (float) ((value - mean.get(c)) / scale.get(c));
            }
            int source = reversed ? CHANNELS - 1 - c : c;
            int target = channelsFirst ? c * plane : c;
            int step = channelsFirst ? 1 : CHANNELS;
            for (int i = source; i < rgb.length; i += CHANNELS, target += step) {
                values[target] = table[rgb[i] & 0xff];
            }
        }
        return channelsFirst
                ? Tensor.ofFloats(values, 1, CHANNELS, size, size)
                : Tensor.ofFloats(values, 1, size, size, CHANNELS);
    }
}
