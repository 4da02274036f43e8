package dev.leat.text.entity;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Entities;
import dev.leat.text.Entity;
import dev.leat.text.EntityType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A text to the entities that rules find in it.
 *
 * @param types which ones are wanted
 * @param region whose telephone numbers are understood without a country code
 */
public record FindPatterns(Set<EntityType> types, String region) implements BatchStep<String, Entities> {

    /** Copies the types. */
    public FindPatterns {
        types = Set.copyOf(types);
    }

    @Override
    public StepFacts facts() {
        return StepFacts.rule("entity-rules").asResult();
    }

    @Override
    public long weightBytes(Entities value) {
        return Decode.weight(value);
    }

    @Override
    public List<Entities> run(List<String> items, RunScope scope) {
        return items.stream().map(this::find).toList();
    }

    /*
     * All types are looked for, whatever is wanted: that a run of digits is a card number is known only if it was looked
     * at as an account number too.
     */
    private Entities find(String text) {
        List<Entity> found = new ArrayList<>();
        for (EntityType type : EnumSet.allOf(EntityType.class)) {
            Finder finder = switch (type) {
                case PERSON, LOCATION, ORGANIZATION -> Finder.NONE;
                case EMAIL -> Emails::at;
                case PHONE -> new Phones(region);
                case IBAN -> Ibans::at;
                case CARD -> Cards::at;
                case URL -> Urls::at;
                case IP -> IpAddresses::at;
                case DATE -> Dates::at;
                case MONEY -> Money::at;
            };
            scan(text, type, finder, found);
        }
        return new Entities(Overlaps.resolve(found).stream()
                .filter(entity -> types.contains(entity.type()))
                .toList());
    }

    private static void scan(String text, EntityType type, Finder finder, List<Entity> found) {
        int i = 0;
        while (i < text.length()) {
            long span = finder == Finder.NONE ? Finder.NOTHING : finder.at(text, i);
            if (finder == Finder.NONE) {
                return;
            }
            if (span == Finder.NOTHING) {
                i++;
                continue;
            }
            int start = Finder.start(span);
            int end = Finder.end(span);
            found.add(new Entity(text.substring(start, end), type, 1, start, end));
            i = Math.max(end, i + 1);
        }
    }
}
