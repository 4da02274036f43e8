package dev.leat.benchmarks.compare;

import java.util.List;

/**
 * What takes part in a comparison.
 *
 * @param id short, of small letters, digits and dashes
 * @param name for people
 * @param classPath of its JVM
 * @param main its class
 * @param arguments of its main method
 */
record Contender(String id, String name, String classPath, String main, List<String> arguments) {

    Contender {
        arguments = List.copyOf(arguments);
    }
}
