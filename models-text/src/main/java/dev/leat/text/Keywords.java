package dev.leat.text;

import java.util.List;

/**
 * What a text is about, in its own words; immutable.
 *
 * @param keywords the best one first; none if the text has no word but the commonest
 */
public record Keywords(List<Keyword> keywords) {

    /** Copies the list. */
    public Keywords {
        keywords = List.copyOf(keywords);
    }

    /** Returns how many there are. */
    @Override
    public String toString() {
        return "Keywords[" + keywords.size() + "]";
    }
}
