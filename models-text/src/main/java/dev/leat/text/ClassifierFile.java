package dev.leat.text;

import dev.leat.ModelLoadException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * How a classifier is stored: a mark, a version, the length of the body, the body, its CRC-32; all big-endian.
 *
 * <p>The body is: space, dimension, multi-label, unknownBelow (NaN for none), thresholds, labels (name, descriptions,
 * examples), unlabelled texts. A list is its size and its items, an embedding its coordinates, a name a UTF string.
 */
final class ClassifierFile {

    private static final int MARK = 0x4c_45_41_43; // LEAC
    private static final int VERSION = 1;

    /** No classifier is larger; a damaged length asks for no more memory than this. */
    private static final int MAX_BYTES = 1 << 30;

    private ClassifierFile() {}

    static void write(ClassifierData data, OutputStream out) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF(data.space());
        ClassifierData.Known first = data.labels().values().iterator().next();
        body.writeInt((first.examples().isEmpty() ? first.descriptions() : first.examples())
                .get(0)
                .dimension());
        body.writeBoolean(data.multiLabel());
        body.writeDouble(data.unknownBelow() == null ? Double.NaN : data.unknownBelow());
        body.writeInt(data.thresholds().size());
        for (Map.Entry<String, Double> each : new TreeMap<>(data.thresholds()).entrySet()) {
            body.writeUTF(each.getKey());
            body.writeDouble(each.getValue());
        }
        body.writeInt(data.labels().size());
        for (Map.Entry<String, ClassifierData.Known> each : data.labels().entrySet()) {
            body.writeUTF(each.getKey());
            write(each.getValue().descriptions(), body);
            write(each.getValue().examples(), body);
        }
        write(data.unlabelled(), body);
        DataOutputStream file = new DataOutputStream(out);
        file.writeInt(MARK);
        file.writeInt(VERSION);
        file.writeInt(bytes.size());
        bytes.writeTo(file);
        file.writeInt(crc(bytes.toByteArray()));
        file.flush();
    }

    private static void write(List<Embedding> embeddings, DataOutputStream out) throws IOException {
        out.writeInt(embeddings.size());
        for (Embedding embedding : embeddings) {
            for (float each : embedding.vector()) {
                out.writeFloat(each);
            }
        }
    }

    static ClassifierData read(InputStream in) {
        try {
            DataInputStream file = new DataInputStream(in);
            if (file.readInt() != MARK) {
                throw refused("this is no saved classifier", null);
            }
            int version = file.readInt();
            if (version != VERSION) {
                throw refused(
                        "it is of version " + version + ", and this Leat reads version " + VERSION
                                + "; use the Leat that saved it, or make it anew",
                        null);
            }
            int length = file.readInt();
            if (length < 0 || length > MAX_BYTES) {
                throw refused("it is damaged; make it anew", null);
            }
            byte[] bytes = file.readNBytes(length);
            if (bytes.length < length || file.readInt() != crc(bytes)) {
                throw refused("it is damaged; make it anew", null);
            }
            return body(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException | IllegalArgumentException e) {
            throw refused("it is damaged; make it anew", e);
        }
    }

    private static ModelLoadException refused(String why, @Nullable Throwable cause) {
        return new ModelLoadException("classifier", "A saved classifier cannot be read: " + why + ".", cause);
    }

    private static ClassifierData body(DataInputStream in) throws IOException {
        String space = in.readUTF();
        int dimension = in.readInt();
        boolean multiLabel = in.readBoolean();
        double unknownBelow = in.readDouble();
        Map<String, Double> thresholds = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            thresholds.put(in.readUTF(), in.readDouble());
        }
        Map<String, ClassifierData.Known> labels = new LinkedHashMap<>();
        size = in.readInt();
        for (int i = 0; i < size; i++) {
            String label = in.readUTF();
            List<Embedding> descriptions = embeddings(space, dimension, in);
            labels.put(label, new ClassifierData.Known(descriptions, embeddings(space, dimension, in)));
        }
        List<Embedding> unlabelled = embeddings(space, dimension, in);
        return new ClassifierData(
                space, labels, unlabelled, multiLabel, thresholds, Double.isNaN(unknownBelow) ? null : unknownBelow);
    }

    private static List<Embedding> embeddings(String space, int dimension, DataInputStream in) throws IOException {
        int size = in.readInt();
        if (dimension < 1 || (long) size * dimension * Float.BYTES > in.available()) {
            throw new IllegalArgumentException("more embeddings than bytes");
        }
        List<Embedding> embeddings = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            float[] vector = new float[dimension];
            for (int d = 0; d < dimension; d++) {
                vector[d] = in.readFloat();
            }
            embeddings.add(Embedding.of(space, vector));
        }
        return embeddings;
    }

    private static int crc(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return (int) sum.getValue();
    }
}
