package dev.leat.model;

import java.util.List;

/**
 * What a graph takes and gives, as {@code model.json} declares it; immutable.
 *
 * @param inputs every input, none optional
 * @param outputs the outputs that may be asked for, at least one
 */
public record GraphSignature(List<TensorSignature> inputs, List<TensorSignature> outputs) {

    /** Checks the components. */
    public GraphSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
