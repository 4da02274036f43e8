package dev.leat.examples.cli;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks the stages that a user names. */
final class Chosen {

    private Chosen() {}

    /** Returns the names without repetition, in the order given. */
    static Set<String> stages(CommandLine command, List<String> names, Collection<String> known) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String name : names) {
            String stage = name.strip();
            if (!known.contains(stage)) {
                throw new ParameterException(command, "unknown stage '" + stage + "'; known are " + join(known));
            }
            chosen.add(stage);
        }
        return chosen;
    }

    static String join(Collection<String> names) {
        return String.join(", ", names);
    }
}
