package dev.leat.benchmarks.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of pictures: {@code read PICTURE ANSWERS} puts a line with what was read behind the file of answers and
 * gives {@code seconds} and {@code processorSeconds}.
 */
public abstract class Reader implements Contestant {

    private final Path picture;

    /**
     * Makes a reader.
     *
     * @param picture what {@link #first()} reads
     */
    protected Reader(Path picture) {
        this.picture = picture;
    }

    /**
     * Returns what answers call a picture.
     *
     * @param picture a file
     * @return its name without its ending
     */
    public static String name(Path picture) {
        String name = String.valueOf(picture.getFileName());
        return name.substring(0, name.lastIndexOf('.'));
    }

    /**
     * Reads a picture.
     *
     * @param picture a JPEG
     * @return an object of JSON on one line: {@code file} (its name without ending) and {@code lines}, each of
     *     {@code text} and {@code box}, four corners; more fields are passed over
     * @throws IOException if the file cannot be read
     */
    protected abstract String read(Path picture) throws IOException;

    @Override
    public final void first() {
        try {
            read(picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final Map<String, Double> work(List<String> order) throws IOException {
        if (!order.get(0).equals("read")) {
            throw new UnsupportedOperationException("no '" + order.get(0) + "' of readers");
        }
        double processor = Worker.processorSeconds();
        long start = System.nanoTime();
        String answer = read(Path.of(order.get(1)));
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("seconds", (System.nanoTime() - start) / 1e9);
        values.put("processorSeconds", Worker.processorSeconds() - processor);
        Files.writeString(Path.of(order.get(2)), answer + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return values;
    }
}
