package dev.leat.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads from an ONNX file, without loading it, which operators it uses and which other files its weights lie in.
 *
 * <p>Walks the protocol buffer (field numbers from {@code onnx.proto3} of the ONNX project) through subgraphs and
 * model-local functions, skipping weights, so that a scan costs milliseconds whatever the size. One use, one thread.
 */
final class GraphScan {

    /**
     * Operators that take one quantisation scale from a whole activation tensor, batch mates and padding included: the
     * ONNX operator, and ONNX Runtime's fused forms of it, which an offline optimised file contains instead.
     */
    private static final Set<String> BATCH_DEPENDENT =
            Set.of("DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM");

    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT_BYTES = 4096;

    private final Input in;
    private final Set<String> operators = new LinkedHashSet<>();
    private final Set<String> externalFiles = new LinkedHashSet<>();

    private GraphScan(InputStream in) {
        this.in = new Input(in);
    }

    /**
     * Scans a graph.
     *
     * @param in an ONNX file, buffered; not closed
     * @throws IOException if it cannot be read or is no ONNX file
     */
    static GraphScan of(InputStream in, long bytes) throws IOException {
        GraphScan scan = new GraphScan(in);
        scan.message(bytes, 0, scan::model);
        if (scan.operators.isEmpty()) {
            throw new IOException("no graph in it");
        }
        return scan;
    }

    boolean batchDependentQuantisation() {
        return operators.stream().anyMatch(BATCH_DEPENDENT::contains);
    }

    Set<String> operators() {
        return operators;
    }

    /** Returns the files that weights lie in, as the graph spells them. */
    Set<String> externalFiles() {
        return externalFiles;
    }

    // ModelProto: graph = 7, functions = 25
    private void model(int field, long bytes, int depth) throws IOException {
        switch (field) {
            case 7 -> message(bytes, depth, this::graph);
            case 25 -> message(bytes, depth, this::function);
            default -> in.skip(bytes);
        }
    }

    // GraphProto: node = 1, initializer = 5, sparse_initializer = 15
    private void graph(int field, long bytes, int depth) throws IOException {
        switch (field) {
            case 1 -> message(bytes, depth, this::node);
            case 5 -> message(bytes, depth, this::tensor);
            case 15 -> message(bytes, depth, this::sparseTensor);
            default -> in.skip(bytes);
        }
    }

    // FunctionProto: node = 7
    private void function(int field, long bytes, int depth) throws IOException {
        if (field == 7) {
            message(bytes, depth, this::node);
        } else {
            in.skip(bytes);
        }
    }

    // NodeProto: op_type = 4, attribute = 5
    private void node(int field, long bytes, int depth) throws IOException {
        switch (field) {
            case 4 -> operators.add(in.text(bytes));
            case 5 -> message(bytes, depth, this::attribute);
            default -> in.skip(bytes);
        }
    }

    // AttributeProto: t = 5, g = 6, tensors = 10, graphs = 11, sparse_tensor = 22, sparse_tensors = 23
    private void attribute(int field, long bytes, int depth) throws IOException {
        switch (field) {
            case 5, 10 -> message(bytes, depth, this::tensor);
            case 6, 11 -> message(bytes, depth, this::graph);
            case 22, 23 -> message(bytes, depth, this::sparseTensor);
            default -> in.skip(bytes);
        }
    }

    // SparseTensorProto: values = 1, indices = 2
    private void sparseTensor(int field, long bytes, int depth) throws IOException {
        if (field == 1 || field == 2) {
            message(bytes, depth, this::tensor);
        } else {
            in.skip(bytes);
        }
    }

    // TensorProto: external_data = 13, a list of keys and values
    private void tensor(int field, long bytes, int depth) throws IOException {
        if (field != 13) {
            in.skip(bytes);
            return;
        }
        Entry entry = new Entry();
        message(bytes, depth, entry::read);
        if (entry.key.equals("location")) {
            externalFiles.add(entry.value);
        }
    }

    /** Reads the fields of a message of so many bytes. */
    private void message(long bytes, int depth, Fields fields) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("nested more than " + MAX_DEPTH + " deep");
        }
        long end = in.position + bytes;
        while (in.position < end) {
            long tag = in.varint();
            int field = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> in.varint();
                case 1 -> in.skip(8);
                case 2 -> {
                    long length = in.varint();
                    if (length < 0 || length > end - in.position) {
                        throw new IOException("a field longer than what holds it");
                    }
                    fields.read(field, length, depth + 1);
                }
                case 5 -> in.skip(4);
                default -> throw new IOException("an unknown kind of field");
            }
        }
        if (in.position != end) {
            throw new IOException("a field longer than what holds it");
        }
    }

    private interface Fields {
        void read(int field, long bytes, int depth) throws IOException;
    }

    /** StringStringEntryProto: key = 1, value = 2. */
    private final class Entry {
        private String key = "";
        private String value = "";

        void read(int field, long bytes, int depth) throws IOException {
            String text = in.text(bytes);
            if (field == 1) {
                key = text;
            } else if (field == 2) {
                value = text;
            }
        }
    }

    private static final class Input {
        private final InputStream in;
        private long position;

        Input(InputStream in) {
            this.in = in;
        }

        long varint() throws IOException {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("cut off");
                }
                position++;
                value |= (long) (next & 0x7f) << shift;
                if (next < 0x80) {
                    return value;
                }
            }
            throw new IOException("a number of more than 64 bits");
        }

        void skip(long bytes) throws IOException {
            in.skipNBytes(bytes);
            position += bytes;
        }

        String text(long bytes) throws IOException {
            if (bytes > MAX_TEXT_BYTES) {
                throw new IOException("a name of " + bytes + " bytes");
            }
            byte[] text = in.readNBytes((int) bytes);
            if (text.length != bytes) {
                throw new EOFException("cut off");
            }
            position += bytes;
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
