package dev.leat.examples.cli;

import dev.leat.InferenceException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code leat}. */
@Command(
        name = "leat",
        description = "Analyses texts and pictures with models inside this JVM; prints a line of JSON for each input.",
        subcommands = {TextCommand.class, ImageCommand.class},
        mixinStandardHelpOptions = true,
        version = "leat 0.1.0-SNAPSHOT",
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every input was answered.",
            "1:Nothing could be done: a model is missing, a file broke off while it was read.",
            "2:Wrong usage.",
            "3:Some inputs could not be analysed; their lines say why.",
            "141:Nobody reads the output any more."
        })
final class Leat implements Runnable {

    static final int ALL_ANSWERED = 0;
    static final int NOTHING_DONE = 1;
    static final int WRONG_USAGE = 2;
    static final int SOME_FAILED = 3;
    /** What a shell gives a program that ends at a broken pipe: 128 + 13. */
    static final int BROKEN_PIPE = 141;

    private static final int OUTPUT_BYTES = 1 << 16;

    private final PrintStream out;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private CommandSpec spec;

    @Option(
            names = "--progress",
            negatable = true,
            defaultValue = "${sys:leat.progress:-false}",
            fallbackValue = "true",
            scope = ScopeType.INHERIT,
            description = "Show progress on standard error; the launcher asks for it when that is a terminal.")
    private boolean progress;

    Leat(PrintStream out) {
        this.out = out;
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BYTES),
                false,
                StandardCharsets.UTF_8);
        int code = run(out, System.err, arguments);
        out.flush();
        System.exit(code == ALL_ANSWERED && out.checkError() ? BROKEN_PIPE : code);
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return new CommandLine(new Leat(out))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false) // a picture's name may begin with @
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler(Leat::explain)
                .execute(arguments);
    }

    /** Says in one line what a person can act on; anything unforeseen keeps its stack trace. */
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof InferenceException || e instanceof UncheckedIOException || e instanceof IOException) {
            command.getErr().println("leat: " + e.getMessage());
            return NOTHING_DONE;
        }
        throw e;
    }

    PrintStream out() {
        return out;
    }

    boolean progress() {
        return progress;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to analyse: text or image");
    }
}
