package dev.leat.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Name, type and shape that a graph declares for one of its inputs or outputs; immutable.
 *
 * @param name the name in the graph
 * @param type the elements' type
 * @param shape outermost dimension first; empty for a scalar
 */
public record TensorSignature(String name, ElementType type, List<Dimension> shape) {

    /** Checks the components. */
    public TensorSignature {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        shape = List.copyOf(shape);
    }

    /**
     * Returns type and shape for a message.
     *
     * @return such as {@code int64[batch, sequence]}
     */
    public String describe() {
        return type + shape.toString();
    }
}
