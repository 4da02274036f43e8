package dev.leat.text;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands behind the placeholders of a redacted text; immutable. It is as private as the text: keep it where the text
 * may be.
 */
public final class Replacements {

    /** Longer brackets are no placeholder. */
    private static final int MAX_PLACEHOLDER = 32;

    private final Map<String, String> originals;

    private Replacements(Map<String, String> originals) {
        this.originals = new LinkedHashMap<>(originals);
    }

    /**
     * Returns replacements, such as the caller has kept.
     *
     * @param originals placeholder, in its brackets, to what it stands for
     * @return immutable
     */
    public static Replacements of(Map<String, String> originals) {
        originals.forEach((placeholder, original) -> {
            if (placeholder.length() < 3
                    || placeholder.length() > MAX_PLACEHOLDER
                    || placeholder.charAt(0) != '['
                    || placeholder.indexOf(']') != placeholder.length() - 1
                    || placeholder.lastIndexOf('[') != 0) {
                throw new IllegalArgumentException("a placeholder is [..] of at most " + MAX_PLACEHOLDER
                        + " chars without brackets inside; one of " + placeholder.length() + " chars is not");
            }
        });
        return new Replacements(originals);
    }

    /**
     * Puts the originals back, in the redacted text or in any text made from it, such as an answer to it.
     *
     * @param text with placeholders; unknown ones stay as they are
     * @return the text with what they stand for; originals are not looked through again
     */
    public String restore(String text) {
        StringBuilder restored = new StringBuilder(text.length());
        int copied = 0;
        for (int open = text.indexOf('['); open >= 0; open = text.indexOf('[', open + 1)) {
            int close = closing(text, open);
            String original = close < 0 ? null : originals.get(text.substring(open, close + 1));
            if (original != null) {
                restored.append(text, copied, open).append(original);
                copied = close + 1;
            }
        }
        return restored.append(text, copied, text.length()).toString();
    }

    private static int closing(String text, int open) {
        int limit = Math.min(text.length(), open + MAX_PLACEHOLDER);
        for (int i = open + 1; i < limit; i++) {
            if (text.charAt(i) == ']') {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns the placeholders.
     *
     * @return in the order of their first place in the text, with their brackets
     */
    public Set<String> placeholders() {
        return java.util.Collections.unmodifiableSet(originals.keySet());
    }

    /**
     * Returns what a placeholder stands for.
     *
     * @param placeholder with its brackets
     * @return empty if there is no such placeholder
     */
    public Optional<String> original(String placeholder) {
        return Optional.ofNullable(originals.get(placeholder));
    }

    /**
     * Returns how many placeholders there are.
     *
     * @return not negative
     */
    public int size() {
        return originals.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Replacements r && originals.equals(r.originals);
    }

    @Override
    public int hashCode() {
        return originals.hashCode();
    }

    /** Returns how many there are, never what they are. */
    @Override
    public String toString() {
        return "Replacements[" + originals.size() + "]";
    }
}
