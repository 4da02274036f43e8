package dev.leat.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.text.TextModels;
import dev.leat.vision.Image;
import dev.leat.vision.VisionModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java block of {@code docs/} and {@code README.md} compiles without a warning and runs; every link leads somewhere. */
class DocsTest {

    private static final Path ROOT =
            Path.of(System.getProperty("leat.basedir")).resolve("../..").normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before anything else
    private static Path classes;

    @SuppressWarnings("NullAway.Init")
    private static URLClassLoader loader;

    @SuppressWarnings("NullAway.Init")
    private static TextModels text;

    @SuppressWarnings("NullAway.Init")
    private static VisionModels vision;

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        for (String name : List.of("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
            pages.add(ROOT.resolve(name));
        }
        return pages;
    }

    static List<Block> blocks() throws IOException {
        return Block.of(pages());
    }

    static List<Block> running() throws IOException {
        return blocks().stream()
                .filter(block -> block.isProgram() || !block.isDeclaration())
                .toList();
    }

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this needs a JDK");
        List<JavaFileObject> sources = new ArrayList<>();
        for (Block block : blocks()) {
            sources.add(new Source(block));
        }
        StringWriter complaints = new StringWriter();
        // Surefire's own class path is a jar that names the real one.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of(
                                "-Xlint:all,-processing,-classfile,-path",
                                "-Werror",
                                "-proc:none",
                                "--release",
                                "17",
                                "-classpath",
                                classPath,
                                "-d",
                                classes.toString()),
                        null,
                        sources)
                .call();
        assertThat(compiled).as(complaints.toString()).isTrue();
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, DocsTest.class.getClassLoader());
        text = TextModels.load();
        vision = VisionModels.load();
    }

    @AfterAll
    static void close() throws IOException {
        text.close();
        vision.close();
        loader.close();
    }

    @ParameterizedTest
    @MethodSource("running")
    void block_ofAPage_runsAndSaysSomething(Block block) throws ReflectiveOperationException {
        Class<?> type = Class.forName(block.className(), true, loader);
        PrintStream console = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            if (block.isProgram()) {
                type.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            } else {
                Method run = type.getDeclaredMethod("run", TextModels.class, VisionModels.class, Image.class);
                run.setAccessible(true);
                run.invoke(
                        null,
                        text,
                        vision,
                        Image.of(ROOT.resolve("examples/quickstart/src/main/resources/samples/receipt.png")));
            }
        } finally {
            System.setOut(console);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).isNotBlank();
    }

    @Test
    void links_ofEveryPage_leadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                String target = link.group(1);
                if (target.startsWith("http:") || target.startsWith("https:")) {
                    continue;
                }
                Path file = target.isEmpty()
                        ? page
                        : Objects.requireNonNull(page.getParent())
                                .resolve(target)
                                .normalize();
                String anchor = link.group(2);
                if (!Files.exists(file) || anchor != null && !anchors(file).contains(anchor)) {
                    dead.add(page.getFileName() + ": " + link.group());
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** A block's source, in memory; its name says where it stands. */
    private static final class Source extends SimpleJavaFileObject {
        private final Block block;

        Source(Block block) {
            super(URI.create("mem:///" + block.className().replace('.', '/') + ".java"), Kind.SOURCE);
            this.block = block;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return block.source();
        }

        @Override
        public String getName() {
            return block.toString();
        }
    }
}
