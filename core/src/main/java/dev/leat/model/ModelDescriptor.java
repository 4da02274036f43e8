package dev.leat.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.leat.ModelLoadException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model's {@code model.json} says: files and digests, graph signatures, task, languages, licence, parameters.
 *
 * <p>Immutable. Two descriptors are equal when their JSON is, and so, as digests are part of it, when the models are.
 */
public final class ModelDescriptor {

    /** The name of the file. */
    public static final String FILE = "model.json";

    /** What the largest run of a graph takes whose {@code model.json} says nothing of it: docs/decisions.md. */
    public static final long DEFAULT_RUN_BYTES = 64L << 20;

    private final ModelParameters json;
    private final String id;
    private final String version;
    private final String task;
    private final String graph;
    private final Map<String, ModelFile> files;
    private final Map<String, GraphSignature> graphs;
    private final List<String> languages;
    private final String license;
    private final long runBytes;
    private final ModelParameters parameters;

    private ModelDescriptor(String expectedId, String where, ModelParameters json) {
        this.json = json;
        id = json.text("id");
        if (!id.equals(expectedId)) {
            throw json.wrong("id", "'" + expectedId + "', the name of its folder", FileNames.quoted(id));
        }
        version = json.text("version");
        task = json.text("task");
        files = files(json);
        graph = json.text("graph");
        requireListed(json, "graph", graph);
        graphs = graphs(json);
        languages = json.has("languages") ? json.texts("languages") : List.of();
        license = json.text("license");
        runBytes = json.has("runBytes") ? json.wholeNumber("runBytes") : DEFAULT_RUN_BYTES;
        if (runBytes < 0) {
            throw json.wrong("runBytes", "what the largest run takes", Long.toString(runBytes));
        }
        parameters = json.has("parameters")
                ? json.object("parameters")
                : new ModelParameters(id, where, "parameters.", new JsonObject());
    }

    /**
     * Reads a descriptor.
     *
     * @param id the id that it must have
     * @param bytes UTF-8 JSON
     * @param where its place, for messages
     * @throws ModelLoadException if it is not JSON, or a key is missing or wrong
     */
    static ModelDescriptor parse(String id, byte[] bytes, String where) {
        JsonElement root;
        try (JsonReader reader = new JsonReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            reader.setStrictness(Strictness.STRICT);
            root = JsonParser.parseReader(reader);
        } catch (JsonParseException | IOException e) {
            throw notJson(id, where, e);
        }
        if (!(root instanceof JsonObject object)) {
            throw notJson(id, where, null);
        }
        return new ModelDescriptor(id, where, new ModelParameters(id, where, "", object));
    }

    private static ModelLoadException notJson(String id, String where, @Nullable Throwable cause) {
        return new ModelLoadException(
                id, "Model '" + id + "': " + where + " is not a JSON object. Correct or replace the file.", cause);
    }

    private static Map<String, ModelFile> files(ModelParameters json) {
        ModelParameters entries = json.object("files");
        Map<String, ModelFile> files = new LinkedHashMap<>();
        for (String name : entries.keys()) {
            if (!FileNames.isFile(name)) {
                throw json.wrong("files", FileNames.FILE_RULE + " for each file", "naming " + FileNames.quoted(name));
            }
            ModelParameters entry = entries.object(name);
            String sha256 = entry.text("sha256");
            if (!Digests.isSha256(sha256)) {
                throw entry.wrong("sha256", "64 lower-case hexadecimal digits", FileNames.quoted(sha256));
            }
            long bytes = entry.wholeNumber("bytes");
            if (bytes < 0) {
                throw entry.wrong("bytes", "the file's size", Long.toString(bytes));
            }
            files.put(name, new ModelFile(bytes, sha256));
        }
        return Collections.unmodifiableMap(files);
    }

    private Map<String, GraphSignature> graphs(ModelParameters root) {
        Map<String, GraphSignature> signatures = new LinkedHashMap<>();
        signatures.put(graph, signature(root));
        if (root.has("graphs")) {
            ModelParameters others = root.object("graphs");
            for (String name : others.keys()) {
                requireListed(root, "graphs." + name, name);
                if (signatures.put(name, signature(others.object(name))) != null) {
                    throw root.wrong("graphs", "only graphs other than the main one", "naming '" + name + "'");
                }
            }
        }
        return Collections.unmodifiableMap(signatures);
    }

    private static GraphSignature signature(ModelParameters json) {
        return new GraphSignature(tensors(json, "inputs"), tensors(json, "outputs"));
    }

    private static List<TensorSignature> tensors(ModelParameters json, String key) {
        List<TensorSignature> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ModelParameters each : json.objects(key)) {
            String name = each.text("name");
            if (!names.add(name)) {
                throw each.wrong("name", "a name of its own", "'" + name + "' a second time");
            }
            tensors.add(new TensorSignature(name, type(each), each.shape("shape")));
        }
        if (tensors.isEmpty()) {
            throw json.wrong(key, "at least one tensor", "empty");
        }
        return tensors;
    }

    private static ElementType type(ModelParameters tensor) {
        String text = tensor.text("type");
        for (ElementType type : ElementType.values()) {
            if (type.key().equals(text)) {
                return type;
            }
        }
        throw tensor.wrong("type", "float32 or int64", "'" + text + "'");
    }

    private void requireListed(ModelParameters root, String key, String file) {
        if (!files.containsKey(file)) {
            throw root.wrong(key, "one of the keys of 'files' " + files.keySet(), FileNames.quoted(file));
        }
    }

    /**
     * Returns the model's id.
     *
     * @return the name of its folder
     */
    public String id() {
        return id;
    }

    /**
     * Returns the model's version.
     *
     * @return such as {@code 1.0.0}
     */
    public String version() {
        return version;
    }

    /**
     * Returns what the model is for.
     *
     * @return such as {@code text-classification}
     */
    public String task() {
        return task;
    }

    /**
     * Returns the main graph's file.
     *
     * @return one of {@link #files()}
     */
    public String graph() {
        return graph;
    }

    /**
     * Returns the files that may be loaded.
     *
     * @return by relative name, in the order of the file, immutable
     */
    public Map<String, ModelFile> files() {
        return files;
    }

    /**
     * Returns what is known about a file.
     *
     * @param file a relative name
     * @return its size and digest
     * @throws ModelLoadException if {@code model.json} does not list it
     */
    public ModelFile file(String file) {
        ModelFile entry = files.get(file);
        if (entry == null) {
            throw json.wrong("files", "an entry " + FileNames.quoted(file), "a list of " + files.keySet());
        }
        return entry;
    }

    /**
     * Returns what a graph takes and gives.
     *
     * @param file the main graph, or a key of the optional object {@code graphs}
     * @return its signature
     * @throws ModelLoadException if {@code model.json} does not declare that graph
     */
    public GraphSignature signature(String file) {
        GraphSignature signature = graphs.get(file);
        if (signature == null) {
            throw json.wrong("graphs", "an entry " + FileNames.quoted(file), "declaring only " + graphs.keySet());
        }
        return signature;
    }

    /**
     * Returns the languages that the model was made for.
     *
     * @return BCP 47 tags, empty if language does not matter
     */
    public List<String> languages() {
        return languages;
    }

    /**
     * Returns what the largest run takes beside the weights.
     *
     * @return bytes outside the heap as {@code runBytes} states them; {@value #DEFAULT_RUN_BYTES} if it does not
     */
    public long runBytes() {
        return runBytes;
    }

    /**
     * Returns the licence of the weights.
     *
     * @return an SPDX expression
     */
    public String license() {
        return license;
    }

    /**
     * Returns what only this model's task knows of.
     *
     * @return the object {@code parameters}, empty if there is none
     */
    public ModelParameters parameters() {
        return parameters;
    }

    /**
     * Returns one digest for all files together.
     *
     * @return lower-case hexadecimal SHA-256 over names, sizes and digests; parameters have no part in it
     */
    public String filesDigest() {
        MessageDigest digest = Digests.sha256();
        new TreeMap<>(files)
                .forEach((name, file) -> digest.update(
                        (name + '\n' + file.bytes() + '\n' + file.sha256() + '\n').getBytes(StandardCharsets.UTF_8)));
        return Digests.hex(digest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelDescriptor that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return "ModelDescriptor[" + id + " " + version + "]";
    }
}
