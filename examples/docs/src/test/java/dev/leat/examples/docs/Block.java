package dev.leat.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Java block of a page.
 *
 * <p>A block of declarations is compiled as it stands; if it has a {@code main}, that is run. Any other block is the body
 * of a method whose parameters are {@code text}, {@code vision} and {@code picture}, and is run; the usual packages are
 * imported.
 *
 * @param page the page's name
 * @param line where the block begins
 * @param number of the block among all
 * @param code as it stands on the page
 */
record Block(String page, int line, int number, String code) {

    /** What begins a line at the margin of a block that has declarations alone. */
    private static final Pattern DECLARATION = Pattern.compile(
            "(?:|\\s.*|package .*|@.*|//.*|/\\*.*|\\}|(?:(?:public|final|abstract|sealed) )*(?:class|interface|enum|record) .*)");

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z.]+);");
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:(?:public|final|abstract|sealed) )*(?:class|interface|enum|record) (\\w+)");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import [^;]+;\\n");

    private static final List<String> IMPORTS = List.of(
            "dev.leat",
            "dev.leat.guard",
            "dev.leat.model",
            "dev.leat.observe",
            "dev.leat.onnx",
            "dev.leat.spi",
            "dev.leat.text",
            "dev.leat.vision",
            "java.nio.file",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.stream");

    /** Reads the blocks of pages, in order. */
    static List<Block> of(List<Path> pages) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages) {
            StringBuilder code = null;
            int begin = 0;
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (code == null && line.startsWith("```java")) {
                    code = new StringBuilder();
                    begin = i + 2;
                } else if (code != null && line.startsWith("```")) {
                    blocks.add(new Block(page.getFileName().toString(), begin, blocks.size(), code.toString()));
                    code = null;
                } else if (code != null) {
                    code.append(line).append('\n');
                }
            }
            if (code != null) {
                throw new IllegalStateException(page + ": the block in line " + begin + " has no end");
            }
        }
        return blocks;
    }

    private String withoutImports() {
        return IMPORT.matcher(code).replaceAll("");
    }

    boolean isDeclaration() {
        return withoutImports()
                .lines()
                .allMatch(line -> DECLARATION.matcher(line).matches());
    }

    boolean isProgram() {
        return isDeclaration() && code.contains("static void main(String[]");
    }

    private String packageName() {
        Matcher own = PACKAGE.matcher(code);
        return own.find() ? own.group(1) : "block" + number;
    }

    private String typeName() {
        Matcher type = TYPE.matcher(code);
        return isDeclaration() && type.find() ? type.group(1) : "Block";
    }

    String className() {
        return packageName() + "." + typeName();
    }

    /** Returns a compilation unit. */
    String source() {
        if (isDeclaration()) {
            return PACKAGE.matcher(code).find() ? code : "package " + packageName() + ";\n" + code;
        }
        String own = IMPORT.matcher(code).results().map(found -> found.group()).collect(Collectors.joining());
        return "package " + packageName() + ";\n"
                + IMPORTS.stream().map(name -> "import " + name + ".*;\n").collect(Collectors.joining())
                + own
                + "class Block {\n"
                + "static void run(TextModels text, VisionModels vision, Image picture) throws Exception {\n"
                + withoutImports()
                + "}\n}\n";
    }

    @Override
    public String toString() {
        return page + ":" + line;
    }
}
