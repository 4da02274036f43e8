/** The command line: files in, JSON lines out. */
@org.jspecify.annotations.NullMarked
package dev.leat.examples.cli;
