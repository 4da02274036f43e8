package dev.leat.text;

import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes folders of the tiny encoders of {@code src/test/graphs/encoders.py}, right or wrong ones. */
@SuppressWarnings("exports") // tests only
public final class OwnEncoders {

    private static final Path MODELS = Path.of(System.getProperty("leat.basedir", "."), "src/test/resources/models");

    /** What {@code plain.onnx} takes. */
    public static final String TYPED = tensor("input_ids", "int64", "'batch', 'sequence'") + ", "
            + tensor("attention_mask", "int64", "'batch', 'sequence'") + ", "
            + tensor("token_type_ids", "int64", "'batch', 'sequence'");

    /** What {@code dynamic.onnx} takes. */
    public static final String UNTYPED = tensor("input_ids", "int64", "'batch', 'sequence'") + ", "
            + tensor("attention_mask", "int64", "'batch', 'sequence'");

    /** States of tokens, as optimum names them. */
    public static final String STATES = tensor("last_hidden_state", "float32", "'batch', 'sequence', 4");

    /** Already pooled. */
    public static final String POOLED = tensor("sentence_embedding", "float32", "'batch', 4");

    private OwnEncoders() {}

    /**
     * Describes an input or output.
     *
     * @param name in the graph
     * @param type float32 or int64
     * @param shape comma-separated, names in single quotes
     * @return JSON with single quotes
     */
    public static String tensor(String name, String type, String shape) {
        return "{'name': '" + name + "', 'type': '" + type + "', 'shape': [" + shape + "]}";
    }

    /**
     * Returns the parameters of a tiny encoder.
     *
     * @param pooling how
     * @param more with a leading comma
     * @return JSON with single quotes, without braces
     */
    public static String parameters(String pooling, String more) {
        return "'pooling': '" + pooling + "', 'dimension': 4, 'maxSequenceLength': 8" + more;
    }

    /**
     * Writes the encoder that gives token states and pools as it is told.
     *
     * @param directory receives the folder
     * @param pooling how
     * @return the folder
     */
    public static ModelFolder plain(Path directory, String pooling) {
        return write(directory, "plain", TYPED, STATES, parameters(pooling, ""));
    }

    /**
     * Writes the encoder that has to run one text at a time.
     *
     * @param directory receives the folder
     * @return the folder
     */
    public static ModelFolder dynamic(Path directory) {
        String states = tensor("token_embeddings", "float32", "'batch', 'sequence', 4");
        return write(directory, "dynamic", UNTYPED, states, parameters("MEAN", ""));
    }

    /**
     * Writes an encoder with the tiny tokenizer.
     *
     * @param directory receives the folder {@code own}
     * @param graph {@code plain} or {@code dynamic}
     * @param inputs that {@code model.json} declares
     * @param outputs that it declares
     * @param parameters that it states
     * @return the folder
     */
    public static ModelFolder write(Path directory, String graph, String inputs, String outputs, String parameters) {
        return write(directory, graph, tokenizer(), inputs, outputs, parameters);
    }

    /**
     * Writes an encoder.
     *
     * @param directory receives the folder {@code own}
     * @param graph {@code plain} or {@code dynamic}
     * @param tokenizer content of {@code tokenizer.json}
     * @param inputs that {@code model.json} declares
     * @param outputs that it declares
     * @param parameters that it states
     * @return the folder
     */
    public static ModelFolder write(
            Path directory, String graph, String tokenizer, String inputs, String outputs, String parameters) {
        try {
            Path folder = Files.createDirectories(directory.resolve("own"));
            byte[] onnx = Files.readAllBytes(MODELS.resolve(graph + ".onnx"));
            byte[] tokens = tokenizer.getBytes(StandardCharsets.UTF_8);
            Files.write(folder.resolve("model.onnx"), onnx);
            Files.write(folder.resolve("tokenizer.json"), tokens);
            String json = "{'id': 'own', 'version': '1', 'task': 'feature-extraction', 'graph': 'model.onnx',"
                    + " 'files': {'model.onnx': " + file(onnx) + ", 'tokenizer.json': " + file(tokens) + "},"
                    + " 'inputs': [" + inputs + "], 'outputs': [" + outputs + "], 'license': 'Apache-2.0',"
                    + " 'parameters': {" + parameters + "}}";
            Files.writeString(folder.resolve("model.json"), json.replace('\'', '"'));
            return ModelSource.directory(directory).folder("own");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the tiny tokenizer.
     *
     * @return content of a {@code tokenizer.json}
     */
    public static String tokenizer() {
        try {
            return Files.readString(MODELS.resolve("tokenizer.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "{'bytes': " + content.length + ", 'sha256': '"
                    + HexFormat.of().formatHex(digest) + "'}";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
