package dev.leat.text;

/** Which graph of the encoder is loaded; heads and embeddings of two precisions are never mixed. */
public enum Precision {
    /** 36 MB, whole numbers of 8 bits; about half the time, cosine to {@link #EXACT} at least 0.997 on ordinary texts. */
    INT8,
    /** 67 MB, computed in 32 bits; agrees with the reference implementation. Needs leat-models-text-weights-exact. */
    EXACT
}
