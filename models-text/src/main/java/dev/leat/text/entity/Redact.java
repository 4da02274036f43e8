package dev.leat.text.entity;

import dev.leat.text.Entities;
import dev.leat.text.Entity;
import dev.leat.text.EntityType;
import dev.leat.text.Redaction;
import dev.leat.text.Replacements;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** A text and its entities to the text with placeholders. */
public record Redact() implements BiFunction<String, Entities, Redaction> {

    private static final int MAX_PLACEHOLDER = 32;

    @Override
    public Redaction apply(String text, Entities entities) {
        Map<EntityType, Integer> counts = new EnumMap<>(EntityType.class);
        Map<String, String> placeholderOf = new HashMap<>();
        Map<String, String> originals = new LinkedHashMap<>();
        Set<String> taken = brackets(text);
        StringBuilder redacted = new StringBuilder(text.length());
        int copied = 0;
        for (Entity entity : entities.entities()) {
            String placeholder = placeholderOf.computeIfAbsent(
                    entity.type() + " " + entity.text(), key -> fresh(entity.type(), counts, taken));
            originals.put(placeholder, entity.text());
            redacted.append(text, copied, entity.start()).append(placeholder);
            copied = entity.end();
        }
        redacted.append(text, copied, text.length());
        return new Redaction(redacted.toString(), Replacements.of(originals));
    }

    /** A placeholder that the text does not have by itself, so that restoring leads back to the same text. */
    private static String fresh(EntityType type, Map<EntityType, Integer> counts, Set<String> taken) {
        String placeholder;
        do {
            placeholder = "[" + type + "_" + counts.merge(type, 1, Integer::sum) + "]";
        } while (taken.contains(placeholder));
        return placeholder;
    }

    /** What stands in the text in brackets and could be taken for a placeholder. */
    private static Set<String> brackets(String text) {
        Set<String> found = new HashSet<>();
        int open = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[') {
                open = i;
            } else if (c == ']' && open >= 0) {
                if (i - open < MAX_PLACEHOLDER && Character.isDigit(text.charAt(i - 1))) {
                    found.add(text.substring(open, i + 1));
                }
                open = -1;
            }
        }
        return found;
    }
}
