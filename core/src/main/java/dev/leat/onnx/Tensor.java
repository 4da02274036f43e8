package dev.leat.onnx;

import static java.util.Objects.requireNonNull;

import dev.leat.model.ElementType;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A dense array of numbers with a shape, row-major, on the Java heap; immutable, compared by content.
 *
 * <p>A scalar has no dimensions and one element. {@code toString} shows type and shape only.
 */
public final class Tensor {

    private final ElementType type;
    private final long[] shape;
    private final Object values; // float[] or long[], as type says

    private Tensor(ElementType type, Object values, int size, long[] shape) {
        this.type = type;
        this.values = values;
        this.shape = shape.clone();
        long expected = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("shape must not be negative, was " + Arrays.toString(shape));
            }
            // A zero anywhere makes the tensor empty, whatever the other dimensions would multiply to.
            expected = Math.multiplyHigh(expected, dimension) != 0 ? Long.MAX_VALUE : expected * dimension;
        }
        if (expected != size) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " wants " + expected + " values, got " + size);
        }
    }

    /**
     * Returns a tensor of floats; takes ownership of the array, which the caller no longer writes.
     *
     * @param values row-major
     * @param shape outermost dimension first; their product is the number of values
     * @return the tensor
     * @throws IllegalArgumentException if shape and values disagree
     */
    public static Tensor ofFloats(float[] values, long... shape) {
        return new Tensor(ElementType.FLOAT32, requireNonNull(values, "values"), values.length, shape);
    }

    /**
     * Returns a tensor of whole numbers; takes ownership of the array, which the caller no longer writes.
     *
     * @param values row-major
     * @param shape outermost dimension first; their product is the number of values
     * @return the tensor
     * @throws IllegalArgumentException if shape and values disagree
     */
    public static Tensor ofLongs(long[] values, long... shape) {
        return new Tensor(ElementType.INT64, requireNonNull(values, "values"), values.length, shape);
    }

    /**
     * Returns the elements' type.
     *
     * @return float32 or int64
     */
    public ElementType type() {
        return type;
    }

    /**
     * Returns the shape.
     *
     * @return outermost dimension first; the caller owns it
     */
    public long[] shape() {
        return shape.clone();
    }

    /**
     * Returns the number of dimensions.
     *
     * @return 0 for a scalar
     */
    public int rank() {
        return shape.length;
    }

    /**
     * Returns one dimension.
     *
     * @param axis 0 is the outermost
     * @return its size
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public long dimension(int axis) {
        return shape[axis];
    }

    /**
     * Returns the number of elements.
     *
     * @return the product of the dimensions
     */
    public int size() {
        return values instanceof float[] floats ? floats.length : ((long[]) values).length;
    }

    /**
     * Returns the floats.
     *
     * @return read-only, row-major, on the heap; a new buffer at each call
     * @throws IllegalStateException if the elements are not floats
     */
    public FloatBuffer floats() {
        return FloatBuffer.wrap(floatArray()).asReadOnlyBuffer();
    }

    /**
     * Returns the whole numbers.
     *
     * @return read-only, row-major, on the heap; a new buffer at each call
     * @throws IllegalStateException if the elements are not whole numbers
     */
    public LongBuffer longs() {
        return LongBuffer.wrap(longArray()).asReadOnlyBuffer();
    }

    /**
     * Returns a copy of the floats.
     *
     * @return row-major; the caller owns it
     * @throws IllegalStateException if the elements are not floats
     */
    public float[] toFloats() {
        return floatArray().clone();
    }

    /**
     * Returns a copy of a range of the floats, such as one row.
     *
     * @param from the first index, row-major
     * @param to one past the last
     * @return the caller owns it
     * @throws IllegalStateException if the elements are not floats
     * @throws IndexOutOfBoundsException if the range is not within the tensor
     */
    public float[] toFloats(int from, int to) {
        Objects.checkFromToIndex(from, to, size());
        return Arrays.copyOfRange(floatArray(), from, to);
    }

    /**
     * Returns a copy of the whole numbers.
     *
     * @return row-major; the caller owns it
     * @throws IllegalStateException if the elements are not whole numbers
     */
    public long[] toLongs() {
        return longArray().clone();
    }

    /**
     * Returns whether no element is NaN or infinite.
     *
     * @return true for whole numbers
     */
    public boolean isFinite() {
        if (values instanceof float[] floats) {
            for (float each : floats) {
                if (!Float.isFinite(each)) {
                    return false;
                }
            }
        }
        return true;
    }

    private float[] floatArray() {
        if (values instanceof float[] floats) {
            return floats;
        }
        throw new IllegalStateException("The tensor is " + this + ", not float32");
    }

    private long[] longArray() {
        if (values instanceof long[] longs) {
            return longs;
        }
        throw new IllegalStateException("The tensor is " + this + ", not int64");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Tensor that) || type != that.type || !Arrays.equals(shape, that.shape)) {
            return false;
        }
        return values instanceof float[] floats
                ? Arrays.equals(floats, that.floatArray())
                : Arrays.equals(longArray(), that.longArray());
    }

    @Override
    public int hashCode() {
        int content = values instanceof float[] floats ? Arrays.hashCode(floats) : Arrays.hashCode(longArray());
        return 31 * content + Arrays.hashCode(shape);
    }

    /** Returns type and shape, never a value. */
    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
