package dev.leat.text;

import dev.leat.guard.Offsets;
import java.util.Comparator;
import java.util.List;

/**
 * The entities of a text; immutable.
 *
 * @param entities by their place; they do not overlap, unless {@link AggregationStrategy#NONE} was asked for
 */
public record Entities(List<Entity> entities) {

    /** Sorts and copies the list. */
    public Entities {
        entities = entities.stream()
                .sorted(Comparator.comparingInt(Entity::start)
                        .thenComparingInt(Entity::end)
                        .thenComparing(Entity::type))
                .toList();
    }

    /**
     * Returns the entities of one type.
     *
     * @param type a type
     * @return by their place
     */
    public List<Entity> of(EntityType type) {
        return entities.stream().filter(entity -> entity.type() == type).toList();
    }

    /**
     * Returns these entities with their places in the text as given, where a guard removed something before the stage saw
     * it.
     *
     * @param offsets the results' {@link dev.leat.Results#offsets()}
     * @return the same texts at their places in the text as given
     */
    public Entities in(Offsets offsets) {
        return new Entities(entities.stream().map(entity -> entity.in(offsets)).toList());
    }

    /** Returns how many there are: their texts may be private. */
    @Override
    public String toString() {
        return "Entities[" + entities.size() + "]";
    }
}
