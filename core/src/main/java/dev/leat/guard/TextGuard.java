package dev.leat.guard;

import dev.leat.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses texts that cannot be worked on and removes what does not belong into one; immutable.
 *
 * <p>Refused are null, blank texts ({@code blank}, also when nothing is left after cleaning) and texts of more chars than
 * allowed ({@code too-long}). Removed and reported are script blocks of HTML ({@code script-block}: any case, nested,
 * unclosed ones to the end of the text, and those that only appear when another one is gone), control characters but
 * newline and tab ({@code control-character}: C0, DEL and C1), surrogates without their other half
 * ({@code lone-surrogate}) and space at both ends ({@code blank-edge}).
 *
 * <p>This is hygiene: it keeps rubbish out of models and logs. It protects nobody against injection, neither into a web
 * page nor into a prompt: escape what you print where you print it. It sees the pipeline's input only, not a text that a
 * stage produces, such as one that OCR reads or a user's function returns.
 *
 * @param maxChars the most chars (UTF-16) of an input
 */
public record TextGuard(int maxChars) implements Guard<String> {

    /** The most chars of an input unless set otherwise. */
    public static final int DEFAULT_MAX_CHARS = 10_000;

    private static final TextGuard STANDARD = new TextGuard(DEFAULT_MAX_CHARS);

    /** Checks the components. */
    public TextGuard {
        if (maxChars < 1) {
            throw new IllegalArgumentException("maxChars must be at least 1, was " + maxChars);
        }
    }

    /**
     * Returns the guard with its defaults.
     *
     * @return at most {@value #DEFAULT_MAX_CHARS} chars
     */
    public static TextGuard standard() {
        return STANDARD;
    }

    /**
     * Begins a guard with other limits.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Verdict<String> check(String input) {
        if (input == null) {
            throw new InvalidInputException("null", "The text is null; give a string");
        }
        if (input.length() > maxChars) {
            throw new InvalidInputException(
                    "too-long",
                    "The text has " + input.length() + " chars, allowed are " + maxChars
                            + "; split it, or allow more with TextGuard.builder().maxChars(..)");
        }
        Cleaner cleaner = new Cleaner(input);
        String cleaned = cleaner.clean();
        String stripped = cleaned.strip();
        if (stripped.isEmpty()) {
            throw new InvalidInputException("blank", "The text is blank, or nothing is left of it after cleaning");
        }
        int leading = cleaned.length() - cleaned.stripLeading().length();
        return new Verdict<>(
                stripped, cleaner.removals(cleaned.length() - stripped.length()), cleaner.offsets.without(leading));
    }

    /** Builds a guard; confined to one thread. */
    public static final class Builder {
        private int maxChars = DEFAULT_MAX_CHARS;

        private Builder() {}

        /**
         * Sets the most chars of an input.
         *
         * @param chars at least 1; default {@value TextGuard#DEFAULT_MAX_CHARS}
         * @return this
         */
        public Builder maxChars(int chars) {
            maxChars = chars;
            return this;
        }

        /**
         * Returns the guard.
         *
         * @return a guard with these limits
         */
        public TextGuard build() {
            return new TextGuard(maxChars);
        }
    }

    /** One pass over one text; confined. */
    private static final class Cleaner {

        /*
         * Kept chars go to kept. A script block is recognised at the end of kept, not in the text: so it is found as
         * well when its beginning stands before something that was removed and its rest behind it. From there on chars
         * are skipped until the block's end. Each char is looked at a bounded number of times.
         */

        private static final String OPEN = "<script";
        private static final String CLOSE = "</script";

        private final String text;
        private final StringBuilder kept;
        private final Offsets.Recorder offsets = new Offsets.Recorder();
        private int scripts;
        private int controls;
        private int surrogates;

        Cleaner(String text) {
            this.text = text;
            this.kept = new StringBuilder(text.length());
        }

        String clean() {
            int i = 0;
            while (i < text.length()) {
                char c = text.charAt(i);
                if (isControl(c)) {
                    controls++;
                    offsets.removed(kept.length(), 1);
                    i++;
                } else if (isLoneSurrogate(i)) {
                    surrogates++;
                    offsets.removed(kept.length(), 1);
                    i++;
                } else if (endsTagName(c) && keptEndsWithOpen()) {
                    i = skipBlock(i);
                } else {
                    kept.append(c);
                    i++;
                }
            }
            while (keptEndsWithOpen()) {
                skipBlock(i);
            }
            return kept.toString();
        }

        List<Removal> removals(int blanks) {
            List<Removal> removals = new ArrayList<>();
            add(removals, "script-block", scripts);
            add(removals, "control-character", controls);
            add(removals, "lone-surrogate", surrogates);
            add(removals, "blank-edge", blanks);
            return removals;
        }

        private static void add(List<Removal> removals, String kind, int count) {
            if (count > 0) {
                removals.add(new Removal(kind, count));
            }
        }

        private static boolean isControl(char c) {
            return c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c <= 0x9f;
        }

        private boolean isLoneSurrogate(int i) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
            }
            return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
        }

        private static boolean endsTagName(char c) {
            return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
        }

        private boolean keptEndsWithOpen() {
            int from = kept.length() - OPEN.length();
            return from >= 0 && matches(kept, from, OPEN);
        }

        /** Removes the block whose opening tag's name ends before {@code from}; returns where the text goes on. */
        private int skipBlock(int from) {
            int begin = kept.length() - OPEN.length();
            offsets.cutBack(kept.length(), begin);
            kept.setLength(begin);
            scripts++;
            int end = endOfBlock(from);
            offsets.removed(begin, end - from);
            return end;
        }

        private int endOfBlock(int from) {
            int depth = 1;
            int i = from;
            while (i < text.length()) {
                if (text.charAt(i) == '<') {
                    if (isTag(i, CLOSE)) {
                        int end = text.indexOf('>', i);
                        i = end < 0 ? text.length() : end + 1;
                        if (--depth == 0) {
                            return i;
                        }
                        continue;
                    }
                    depth += isTag(i, OPEN) ? 1 : 0;
                }
                i++;
            }
            return i;
        }

        private boolean isTag(int at, String name) {
            int end = at + name.length();
            return end <= text.length()
                    && matches(text, at, name)
                    && (end == text.length() || endsTagName(text.charAt(end)));
        }

        /** Compares ignoring the case of ASCII letters alone, as HTML does. */
        private static boolean matches(CharSequence chars, int from, String lower) {
            for (int i = 0; i < lower.length(); i++) {
                char c = chars.charAt(from + i);
                if ((c >= 'A' && c <= 'Z' ? (char) (c + 32) : c) != lower.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
