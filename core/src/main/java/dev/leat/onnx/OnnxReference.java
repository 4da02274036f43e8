package dev.leat.onnx;

import static java.util.Objects.requireNonNull;

import dev.leat.model.ModelFolder;
import dev.leat.spi.ModelReference;
import java.util.Set;

/** A graph and how to run it, not yet opened; equal when the model's content and the options are. */
record OnnxReference(ModelFolder folder, String graph, OnnxOptions options) implements ModelReference<OnnxModel> {

    OnnxReference {
        requireNonNull(options, "options");
        folder.descriptor().signature(graph);
    }

    @Override
    public String id() {
        return folder.id();
    }

    @Override
    public String digest() {
        return folder.descriptor().file(graph).sha256();
    }

    @Override
    public String version() {
        return folder.descriptor().version();
    }

    @Override
    public Set<String> languages() {
        return Set.copyOf(folder.descriptor().languages());
    }

    /** The graph's weights, twice: as they are, and as the runtime repacks them. */
    @Override
    public long residentBytes() {
        return 2 * folder.descriptor().file(graph).bytes();
    }

    @Override
    public long runBytes() {
        return folder.descriptor().runBytes();
    }

    @Override
    public ModelReference<OnnxModel> spread(int threads) {
        return options.intraOpThreads() == 1 ? new OnnxReference(folder, graph, options.intraOpThreads(threads)) : this;
    }

    @Override
    public OnnxModel open() {
        return OnnxModel.load(folder, graph, options);
    }
}
