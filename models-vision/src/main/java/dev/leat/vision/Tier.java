package dev.leat.vision;

/** Which model answers, where a task has several; values of two tiers are never mixed. */
public enum Tier {
    /** The quick model, the default. */
    FAST,
    /** The better and slower model. */
    ACCURATE
}
