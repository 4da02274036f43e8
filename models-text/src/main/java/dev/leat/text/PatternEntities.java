package dev.leat.text;

import dev.leat.Stage;
import dev.leat.text.entity.FindPatterns;
import java.util.EnumSet;
import java.util.Set;

/**
 * Entities by rules alone: e-mail and web addresses, telephone, account and card numbers, IP addresses, dates, money; needs
 * no model and no native code.
 *
 * <p>Each pass over the text takes time linear in its length. Numbers are taken only if they hold: telephone numbers exist
 * in their region's plan (libphonenumber), account and card numbers have the right check digits, dates are in the calendar.
 * Where two overlap, the longer one is taken, of equal ones the one whose type is named first in {@link EntityType}.
 */
public final class PatternEntities {

    private PatternEntities() {}

    /**
     * Returns the stage for all pattern types, with telephone numbers of {@value EntityOptions#DEFAULT_REGION}.
     *
     * @return equal each time; still answers after a run's deadline
     */
    public static Stage<String, Entities> stage() {
        Set<EntityType> types = EnumSet.allOf(EntityType.class);
        types.removeIf(EntityType::isName);
        return Stage.of(new FindPatterns(types, EntityOptions.DEFAULT_REGION));
    }
}
