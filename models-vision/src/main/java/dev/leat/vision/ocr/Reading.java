package dev.leat.vision.ocr;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a line says; immutable.
 *
 * @param words from left to right
 * @param score the mean probability of its characters, 0 if it has none
 * @param turn by how many degrees clockwise its crop was turned to be read: 0, 90, 180 or 270
 */
record Reading(List<Word> words, double score, int turn) {

    /**
     * A word.
     *
     * @param text without spaces
     * @param score the mean probability of its characters
     * @param from where it begins, 0 at the left end of the turned crop, 1 at its right
     * @param to where it ends
     */
    record Word(String text, double score, double from, double to) {
        /** Returns the number of chars: a text is private. */
        @Override
        public String toString() {
            return "Word[" + text.length() + " chars]";
        }
    }

    Reading {
        words = List.copyOf(words);
    }

    Reading turned(int degrees) {
        return new Reading(words, score, degrees);
    }

    String text() {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }

    /** Returns the number of words: a text is private. */
    @Override
    public String toString() {
        return "Reading[" + words.size() + " words]";
    }
}
