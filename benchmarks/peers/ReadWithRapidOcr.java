import com.benjaminwan.ocrlibrary.OcrResult;
import com.benjaminwan.ocrlibrary.Point;
import com.benjaminwan.ocrlibrary.TextBlock;
import io.github.mymonstercat.Model;
import io.github.mymonstercat.ocr.InferenceEngine;
import io.github.mymonstercat.ocr.config.HardwareConfig;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads a folder of pictures with RapidOCR for Java, its defaults and PP-OCRv4, for CompareOcr's {@code --peer}.
 *
 * <pre>
 * mvn -f pom.xml dependency:build-classpath -Dmdep.outputFile=classpath.txt
 * java -cp "$(cat classpath.txt)" ReadWithRapidOcr.java PICTURES OUT.jsonl THREADS [NAMES.txt]
 * </pre>
 */
class ReadWithRapidOcr {

    public static void main(String[] args) throws Exception {
        List<String> only = args.length > 3 ? Files.readAllLines(Path.of(args[3])) : List.of();
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            files = all.filter(file -> file.toString().matches(".*\\.(jpg|jpeg|png)"))
                    .filter(file -> only.isEmpty() || only.contains(name(file)))
                    .sorted()
                    .toList();
        }
        InferenceEngine engine = InferenceEngine.getInstance(
                Model.ONNX_PPOCR_V4, new HardwareConfig(Integer.parseInt(args[2]), -1));
        engine.runOcr(files.get(0).toString()); // loads
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[1])))) {
            for (Path file : files) {
                long cpu = cpu();
                long start = System.nanoTime();
                OcrResult result = engine.runOcr(file.toString());
                out.printf(
                        Locale.ROOT,
                        "{\"file\":\"%s\",\"seconds\":%.4f,\"cpu\":%.4f,\"lines\":[",
                        name(file),
                        (System.nanoTime() - start) / 1e9,
                        (cpu() - cpu) / 1e9);
                String between = "";
                for (TextBlock block : result.getTextBlocks()) {
                    out.print(between + "{\"text\":\"" + escaped(block.getText()) + "\",\"box\":[");
                    between = ",";
                    String comma = "";
                    for (Point point : block.getBoxPoint()) {
                        out.print(comma + "[" + point.getX() + "," + point.getY() + "]");
                        comma = ",";
                    }
                    out.print("]}");
                }
                out.println("]}");
                out.flush();
            }
        }
        System.exit(0); // its native threads keep the JVM alive
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
        }
        return out.toString();
    }
}
