package dev.leat.text.entity;

import dev.leat.text.Entities;
import dev.leat.text.Entity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Which of overlapping entities stay: a pattern before a name, since it was checked char by char; then the longer one; then
 * the one whose type is named first; then the one that begins first.
 */
public record Overlaps() implements BiFunction<Entities, Entities, Entities> {

    private static final Comparator<Entity> BEST_FIRST = Comparator.<Entity, Boolean>comparing(
                    entity -> entity.type().isName())
            .thenComparingInt(entity -> entity.start() - entity.end())
            .thenComparing(Entity::type)
            .thenComparingInt(Entity::start);

    @Override
    public Entities apply(Entities names, Entities patterns) {
        List<Entity> all = new ArrayList<>(names.entities());
        all.addAll(patterns.entities());
        return new Entities(resolve(all));
    }

    /** Returns entities that do not overlap. */
    static List<Entity> resolve(List<Entity> found) {
        TreeMap<Integer, Integer> taken = new TreeMap<>();
        List<Entity> kept = new ArrayList<>();
        for (Entity entity : found.stream().sorted(BEST_FIRST).toList()) {
            var before = taken.lowerEntry(entity.end());
            if (before == null || before.getValue() <= entity.start()) {
                kept.add(entity);
                taken.put(entity.start(), entity.end());
            }
        }
        return kept;
    }
}
