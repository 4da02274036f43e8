package dev.leat.model;

/** The type of a tensor's elements, as far as models here use them. */
public enum ElementType {
    /** 32-bit floating point. */
    FLOAT32("float32"),
    /** 64-bit signed integer. */
    INT64("int64");

    private final String key;

    ElementType(String key) {
        this.key = key;
    }

    /**
     * Returns its name in {@code model.json}.
     *
     * @return {@code float32} or {@code int64}
     */
    public String key() {
        return key;
    }

    @Override
    public String toString() {
        return key;
    }
}
