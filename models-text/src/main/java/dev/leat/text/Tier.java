package dev.leat.text;

/** Which model of a task answers: the quick one or the better one. {@link Precision} is another matter: the encoder's. */
public enum Tier {
    /** A small head on the encoder's states: hardly any work beside the encoder's own. */
    FAST,
    /** Layers trained for the task on the encoder's token states: a sixth (entities) to a quarter (sentiment) of a run more. */
    ACCURATE
}
