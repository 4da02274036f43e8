package dev.leat.vision.classify;

/**
 * What a classifier's graph gave for one picture; it owns its arrays, which nobody writes any more.
 *
 * @param logits one a class
 * @param embedding what they were computed from; empty if the graph does not give it
 */
record Classified(float[] logits, float[] embedding) {}
