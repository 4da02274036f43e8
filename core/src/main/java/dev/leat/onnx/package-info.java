/**
 * Runs ONNX graphs: tensors, a model that is safe to close at any moment, and its description for the registry.
 *
 * <p>ONNX Runtime stays behind these types; its native library is loaded when the first model is.
 */
@NullMarked
package dev.leat.onnx;

import org.jspecify.annotations.NullMarked;
